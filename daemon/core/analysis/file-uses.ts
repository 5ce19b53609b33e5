/** Files that a cell reads and writes, as far as their path is written out: `open("a.txt")`, `pd.read_csv("b.csv")`, `df.to_csv("c.csv")`. */
import type { Span } from '../text.ts';
import { constantPath, soleText } from './constant-paths.ts';
import { childIn, namedChildren } from './nodes.ts';
import type { SyntaxNode } from './tree.ts';

export interface FileUse {
  /** As it is written, its parts joined. */
  readonly path: string;
  /** Of the text, or of all that makes the path where it has several parts. */
  readonly span: Span;
  readonly access: FileAccess;
  /** It happens whenever the cell runs to its end. */
  readonly isCertain: boolean;
  /** In a function: it happens when that is called. */
  readonly isDeferred: boolean;
  /** Python itself opens the file, so that a run tells of it. */
  readonly isSeen: boolean;
}

/** `change`: what is written goes on from what is there (`open("a.txt", "r+")`); `add`: behind it, whatever it is. */
export type FileAccess = 'read' | 'write' | 'change' | 'add' | 'remove';

type Access = Pick<FileUse, 'access' | 'isSeen'> & { readonly file: SyntaxNode };

interface Place {
  readonly node: SyntaxNode;
  readonly isCertain: boolean;
  readonly isDeferred: boolean;
}

/** Code without one of these uses no file by a name that can be read here. */
const mayUseFiles =
  /\bopen\s*\(|\.\s*(?:FileIO\b|remove\b|unlink\b|read_|scan_|sink_|write_|to_|load|save|genfromtxt|imread|imsave|imwrite|dump|File\b)|\burlretrieve\b|\bcopy/;

/** Code that may not run. */
const uncertain = new Set([
  'if_statement',
  'try_statement',
  'match_statement',
  'while_statement',
  'conditional_expression',
  'boolean_operator',
]);
const deferred = new Set(['function_definition', 'lambda']);

export function fileUses(code: string, tree: SyntaxNode): readonly FileUse[] {
  if (!mayUseFiles.test(code)) return [];
  const found: FileUse[] = [];
  const open: Place[] = [{ node: tree, isCertain: true, isDeferred: false }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { node } = place;
    const isDeferred = place.isDeferred || deferred.has(node.type);
    const isCertain = place.isCertain && !isDeferred && !uncertain.has(node.type);
    const use = node.type === 'call' ? accessIn(code, node) : undefined;
    const path = use && constantPath(code, use.file);
    if (use && path !== undefined) {
      const { access, isSeen } = use;
      const { start, end } = soleText(use.file) ?? use.file;
      found.push({ path, span: { start, end }, access, isSeen, isCertain, isDeferred });
    }
    for (const child of node.children) open.push({ node: child, isCertain, isDeferred });
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

/** Those that are read whatever happens, by a path that one text says. */
export function surelyRead(code: string, uses: readonly FileUse[]): readonly FileUse[] {
  return uses.filter(
    ({ access, isCertain, span }) => access === 'read' && isCertain && /^\w?["']/.test(code.slice(span.start, span.end)),
  );
}

interface Call {
  readonly code: string;
  /** `pd.read_csv`. */
  readonly callee: string;
  /** `pd`: a name, or nothing. */
  readonly owner: string;
  readonly method: string;
  readonly object: SyntaxNode | undefined;
  readonly given: SyntaxNode;
}

function accessIn(code: string, node: SyntaxNode): Access | undefined {
  const callee = childIn(node, 'function');
  const given = childIn(node, 'arguments');
  if (!callee || !given) return undefined;
  const object = callee.type === 'attribute' ? childIn(callee, 'object') : undefined;
  const last = callee.type === 'attribute' ? childIn(callee, 'attribute') : callee;
  const text = (part: SyntaxNode | undefined) => (part ? code.slice(part.start, part.end) : '');
  const owner = object?.type === 'identifier' ? text(object) : '';
  const call = { code, callee: text(callee), owner, method: text(last), object, given };
  return ofPath(call) ?? ofOpen(call) ?? ofReader(call) ?? ofWriter(call) ?? ofRemover(call);
}

/** `Path("a").read_text()`: any object that is a path. */
function ofPath({ code, method, object, given }: Call): Access | undefined {
  if (!object || !/^(?:open|read_text|read_bytes|write_text|write_bytes|unlink)$/.test(method)) return undefined;
  if (object.type === 'identifier' || constantPath(code, object) === undefined || object.type === 'string') return undefined;
  const access = method === 'open' ? accessOfMode(code, given, namedChildren(given)[0]) : accessOfMethod(method);
  return access && { access, isSeen: true, file: object };
}

function accessOfMethod(method: string): FileAccess {
  if (method === 'unlink') return 'remove';
  return method.startsWith('read') ? 'read' : 'write';
}

/** What the methods called `open` of archives read is no file. */
const openers = /^(?:(?:io|codecs|gzip|bz2|lzma)\s*\.\s*)?open$|^h5py\s*\.\s*File$|^io\s*\.\s*FileIO$/;

function ofOpen(call: Call): Access | undefined {
  const { code, callee, method, given } = call;
  if (!openers.test(callee)) return undefined;
  const access = accessOfMode(code, given, namedChildren(given)[1]);
  const file = pathIn(call, 0);
  return access && file && { access, isSeen: method === 'open', file };
}

const readers =
  /^(?:(?:read|scan)_(?:csv|parquet|json|ndjson|excel|feather|ipc|table|pickle|fwf|hdf|stata|sas|spss|orc|xml)|loadtxt|genfromtxt|imread)$/;
const loaders = /^(?:np|numpy|joblib|torch)\s*\.\s*load$/;
const pathKeywords = /^(?:filepath_or_buffer|path_or_buf|source|path|io|fname|file)$/;

/** A function of a module that reads what it is given. */
function ofReader(call: Call): Access | undefined {
  const { callee, owner, method } = call;
  if (owner === '' || (!readers.test(method) && !loaders.test(callee))) return undefined;
  const file = pathIn(call, 0);
  return file && { access: 'read', isSeen: isSeenOf(owner), file };
}

const writers =
  /^(?:to_(?:csv|parquet|json|excel|feather|pickle|hdf|stata|orc|xml|html|latex|markdown)|(?:write|sink)_(?:csv|parquet|json|ndjson|excel|ipc)|savefig|write_image|write_html)$/;
/** `image.save("a.png")`; what is saved under a name without an ending may be anything. */
const endings = /\.\w{1,5}$/;
const savers = /^(?:np|numpy)\s*\.\s*save(?:z|z_compressed|txt)?$|^(?:plt|cv2|imageio|iio)\s*\.\s*im(?:save|write)$/;
/** Functions that are given what to write before the path. */
const dumpers =
  /^(?:(?:joblib\s*\.\s*)dump|torch\s*\.\s*save|(?:pq|pf|feather|pyarrow\.parquet)\s*\.\s*write_(?:table|feather)|shutil\s*\.\s*(?:copy|copy2|copyfile)|(?:urllib\s*\.\s*request\s*\.\s*)?urlretrieve)$/;

/** A method that writes what it belongs to, or a function of a module that writes what it is given. */
function ofWriter(call: Call): Access | undefined {
  const { code, callee, owner, method, object } = call;
  const isMethod = object !== undefined && (writers.test(method) || method === 'save');
  const at = dumpers.test(callee) ? 1 : savers.test(callee) || isMethod ? 0 : undefined;
  const file = at === undefined ? undefined : pathIn(call, at);
  if (!file || (method === 'save' && !endings.test(constantPath(code, file) ?? ''))) return undefined;
  return { access: 'write', isSeen: isSeenOf(owner), file };
}

const removers = /^os\s*\.\s*(?:remove|unlink)$/;

function ofRemover(call: Call): Access | undefined {
  const file = removers.test(call.callee) ? pathIn(call, 0) : undefined;
  return file && { access: 'remove', isSeen: true, file };
}

/** Their files are opened by Python's own `open`. */
function isSeenOf(owner: string): boolean {
  return /^(?:pd|pandas|np|numpy|joblib|plt)$/.test(owner);
}

/** The argument at this place, or the value of one that is called as paths are. */
function pathIn({ code, given }: Call, at: number): SyntaxNode | undefined {
  const listed = namedChildren(given);
  const argument = listed[at];
  if (argument && argument.type !== 'keyword_argument') return argument;
  for (const other of listed) {
    const name = other.type === 'keyword_argument' ? childIn(other, 'name') : undefined;
    if (name && pathKeywords.test(code.slice(name.start, name.end))) return childIn(other, 'value');
  }
  return undefined;
}

/** A mode that is not written out may be any. */
function accessOfMode(code: string, given: SyntaxNode, second: SyntaxNode | undefined): FileAccess | undefined {
  const named = given.children.find((one) => one.type === 'keyword_argument' && /^mode\s*=/.test(code.slice(one.start, one.end)));
  const text = named
    ? code.slice(named.start, named.end).replace(/^mode\s*=/, '')
    : second
      ? code.slice(second.start, second.end)
      : '"r"';
  if (/^\s*["']r[bt]?["']$|^\s*(?:encoding|errors|newline|buffering)\s*=/.test(text)) return 'read';
  if (/^\s*["'][bt]*a[bt]*["']$/.test(text)) return 'add';
  if (/^\s*["'][bt]*[ar][bt+]+["']$/.test(text)) return 'change';
  return /^\s*["'][wxbt+]+["']$/.test(text) ? 'write' : undefined;
}
