#!/usr/bin/env node
import { thisProcess } from './caller.ts';
/** The command line as a process. */
import { main } from './program.ts';

process.exitCode = await main(process.argv.slice(2), thisProcess);
