/** jupytext, installed aside, as the oracle for what of a notebook's metadata a script keeps. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type FoundPython, pythonWith } from './pypi.ts';

const outputBytesMax = 64 * 1024 * 1024;

export function jupytextPython(): Promise<FoundPython> {
  return pythonWith('jupytext', '1.19.6');
}

/** What is left of a notebook that went to a percent script and back; nothing where jupytext loses a cell or makes one. */
export interface Kept {
  readonly kernelspec: Readonly<Record<string, unknown>> | null;
  readonly cells: readonly Readonly<Record<string, unknown>>[] | null;
}

const keep = `
import json, sys, warnings
import jupytext

warnings.simplefilter("ignore")
own = ("lines_to_next_cell", "cell_marker", "lines_to_end_of_cell_marker", "cell_depth")

def keep(text):
    before = jupytext.reads(text.removeprefix(chr(0xFEFF)), "ipynb")
    after = jupytext.reads(jupytext.writes(before, "py:percent"), "py:percent")
    cells = [{key: value for key, value in cell.metadata.items() if key not in own} for cell in after.cells]
    isWhole = [cell.cell_type for cell in before.cells] == [cell.cell_type for cell in after.cells]
    return {"kernelspec": after.metadata.get("kernelspec"), "cells": cells if isWhole else None}

json.dump([keep(text) for text in json.load(sys.stdin)], sys.stdout)
`;

export async function keptByJupytext(python: string, texts: readonly string[]): Promise<readonly Kept[]> {
  const child = promisify(execFile)(python, ['-I', '-c', keep], { maxBuffer: outputBytesMax });
  child.child.stdin?.end(JSON.stringify(texts));
  return JSON.parse((await child).stdout) as readonly Kept[];
}
