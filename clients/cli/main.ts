#!/usr/bin/env node
/** The command line as a process. */
import { thisProcess } from './caller.ts';
import { main } from './program.ts';

process.exitCode = await main(process.argv.slice(2), thisProcess);
