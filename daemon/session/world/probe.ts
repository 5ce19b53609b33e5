/** Asks a Python of ours, kept from everything of the notebook's, what its compiler refuses and which modules a folder holds. */
import { execFile } from 'node:child_process';
import { interpreterAnswerSecondsMax, probeAnswerBytesMax } from '../../limits.ts';

export interface ProbeQuestion {
  readonly cells: readonly string[];
  readonly modules: readonly string[];
  /** Folders that Python would look in for modules, beside its standard library; nothing: do not look. */
  readonly interpreter: string | undefined;
  readonly folder: string;
  readonly home: string;
  readonly pythonPath: string;
}

export interface ProbeAnswer {
  /** Lines from 1, columns in characters from 1. */
  readonly errors: readonly { readonly cell: number; readonly line: number; readonly column: number; readonly message: string }[];
  readonly missing: readonly string[];
}

/** Nothing where that Python cannot answer. */
export function probe(python: string, question: ProbeQuestion): Promise<ProbeAnswer | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: interpreterAnswerSecondsMax * 1000, maxBuffer: probeAnswerBytesMax, cwd: '/', env: {} };
    const child = execFile(python, ['-I', '-S', '-W', 'ignore', '-c', script], options, (error, stdout) => {
      if (error) return resolve(undefined);
      resolve(JSON.parse(stdout) as ProbeAnswer);
    });
    child.stdin?.on('error', () => resolve(undefined));
    child.stdin?.end(JSON.stringify(question));
  });
}

/**
 * Compiles and never runs. Modules are looked for by the names of files: starting the notebook's own interpreter would run
 * what its environment holds.
 */
const script = `
import glob, json, os, re, sys

question = json.loads(sys.stdin.buffer.read())
errors = []


def column(code, error):
    # The parser counts characters; what comes after it counts bytes.
    offset = error.offset or 1
    try:
        compile(code, "<cell>", "exec", 0x2400, dont_inherit=True)
    except SyntaxError:
        return offset
    line = code.split("\\n")[(error.lineno or 1) - 1]
    return len(line.encode()[: offset - 1].decode(errors="ignore")) + 1


for cell, code in enumerate(question["cells"]):
    try:
        compile(code, "<cell>", "exec", 0x2000, dont_inherit=True)
    except SyntaxError as error:
        errors.append({"cell": cell, "line": error.lineno or 1, "column": column(code, error), "message": error.msg})
    except (ValueError, MemoryError, RecursionError, OverflowError):
        pass


def folders(interpreter):
    prefix = os.path.dirname(os.path.dirname(interpreter))
    prefixes = [prefix]
    config = os.path.join(prefix, "pyvenv.cfg")
    user = True
    if os.path.exists(config):
        text = open(config, encoding="utf-8", errors="replace").read()
        user = re.search(r"include-system-site-packages\\s*=\\s*true", text, re.I) is not None
        if user:
            home = re.search(r"^home\\s*=\\s*(.+)$", text, re.M)
            if home:
                prefixes.append(os.path.dirname(home.group(1).strip()))
    else:
        prefixes.append(os.path.dirname(os.path.dirname(os.path.realpath(interpreter))))
        prefixes.append("/usr/local")
    found = []
    for one in prefixes:
        for pattern in ("lib/python3*/site-packages", "lib/python3*/dist-packages", "lib64/python3*/site-packages"):
            found += glob.glob(os.path.join(glob.escape(one), pattern))
    if user:
        found += glob.glob(os.path.join(glob.escape(question["home"]), ".local/lib/python3*/site-packages"))
    return found


def holds(folder, name):
    if os.path.isdir(os.path.join(folder, name)):
        return True
    return bool(glob.glob(os.path.join(glob.escape(folder), name + ".py*"))) or bool(
        glob.glob(os.path.join(glob.escape(folder), name + ".*so"))
    )


missing = []
sites = folders(question["interpreter"]) if question.get("interpreter") else []
if sites:
    paths = [question["folder"], *filter(None, question["pythonPath"].split(os.pathsep)), *sites]
    hooks = ""
    for site in sites:
        for path in glob.glob(os.path.join(glob.escape(site), "*.pth")) + glob.glob(os.path.join(glob.escape(site), "__editable__*")):
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
            hooks += text
            paths += [os.path.join(site, line.strip()) for line in text.splitlines() if path.endswith(".pth") and line[:7] != "import "]
    known = set(sys.builtin_module_names) | set(sys.stdlib_module_names)
    # What a file of an editable installation mentions may come from there.
    missing = [
        name
        for name in question["modules"]
        if name not in known and name not in hooks and not any(holds(path, name) for path in paths if path)
    ]
print(json.dumps({"errors": errors, "missing": missing}))
`;
