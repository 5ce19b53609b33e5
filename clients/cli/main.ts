#!/usr/bin/env node
/** The command line as a process. */
import { thisProcess } from './caller.ts';
import { main } from './program.ts';

void main(process.argv.slice(2), thisProcess).then((code) => {
  process.exitCode = code;
});
