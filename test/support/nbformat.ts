/** Jupyter's own nbformat, installed aside, as the oracle for `.ipynb`. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type FoundPython, pythonWith } from './pypi.ts';

const outputBytesMax = 64 * 1024 * 1024;

/** What nbformat has against each text (nothing: `null`), and what it writes when it has read it. */
export interface Judgement {
  readonly problem: string | null;
  readonly written: string;
}

export function nbformatPython(): Promise<FoundPython> {
  return pythonWith('nbformat', '5.11.0');
}

const judge = `
import json, sys, warnings
import nbformat

warnings.simplefilter("error")

def judge(text):
    try:
        notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
        return {"problem": None, "written": nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\\n"}
    except Exception as error:
        return {"problem": str(error)[:400], "written": ""}

json.dump([judge(text) for text in json.load(sys.stdin)], sys.stdout)
`;

export async function judgeNotebooks(python: string, texts: readonly string[]): Promise<readonly Judgement[]> {
  const child = promisify(execFile)(python, ['-I', '-c', judge], { maxBuffer: outputBytesMax });
  child.child.stdin?.end(JSON.stringify(texts));
  return JSON.parse((await child).stdout) as readonly Judgement[];
}
