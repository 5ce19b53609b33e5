/**
 * Runs a program that is bundled in one file, with what an earlier process has compiled of it: to compile it takes longer than most commands.
 * In the bundle this stands in place of the program, which lies beside it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { tierUpLater } from '../daemon/node/tiering.ts';
import { CompiledCode } from './compiled-code.ts';

/** File name of the program, and SHA-256 of its content: `bundle.mjs` puts them here. */
declare const PROGRAM: { readonly file: string; readonly hash: string };

type Program = (require: NodeJS.Require, filename: string, dirname: string) => void;

// Code that was compiled with other flags does not count, so they are set before.
tierUpLater();
const path = join(import.meta.dirname, PROGRAM.file);
const kept = new CompiledCode(PROGRAM.hash, process.argv[2] ?? '');
const script = new Script(readFileSync(path, 'utf8'), { filename: path, cachedData: kept.read() });
process.on('exit', () => kept.keep(script));
(script.runInThisContext() as Program)(createRequire(path), path, import.meta.dirname);
