/** The parts of a daemon put together: in its process, in a thread of it, and inside another program. */
import { join } from 'node:path';
import { localPython } from './kernel/cpython-provider.ts';
import { nodeHost, printedBytes } from './node/host.ts';
import { outputFolderAt } from './node/output-folder.ts';
import { loadParser } from './node/parser.ts';
import { askingBy } from './node/python/ask.ts';
import { findOurPython } from './node/python/our-python.ts';
import { ProbeProcess } from './node/python/probe-process.ts';
import { spoolFilesIn } from './node/spool-files.ts';
import { StateFiles } from './node/state-files.ts';
import type { ServerOptions } from './server/context.ts';
import { Server } from './server/server.ts';
import { OutputFiles } from './session/output-files.ts';
import { Sessions, type SessionsOptions } from './session/sessions.ts';
import { Blobs } from './store/blobs.ts';
import { Spools } from './store/spools.ts';

/** What all parts have in common. */
interface Common {
  readonly incarnation: string;
  readonly onError: (error: Error) => void;
}

type OwnOfSessions = Omit<SessionsOptions, keyof typeof nodeHost | keyof Common | 'parse' | 'blobs' | 'now'> &
  Pick<Partial<SessionsOptions>, 'watchedFiles'>;

export interface AssembleOptions extends Common, Pick<ServerOptions, 'token' | 'elsewhere' | 'onStop' | 'onClients'> {
  readonly sessions: OwnOfSessions;
  /** The folder in which outputs are written as files. */
  readonly outputs: string;
  readonly log?: string | undefined;
  /** Known once it listens. */
  readonly socket?: () => string | undefined;
}

export interface Assembly {
  readonly server: Server;
  readonly sessions: Sessions;
}

export async function assemble(options: AssembleOptions): Promise<Assembly> {
  const { incarnation, onError, token, elsewhere, onStop, onClients, outputs, log, socket } = options;
  const blobs = new Blobs(nodeHost.hashes);
  const common = { ...nodeHost, incarnation, onError, blobs, now: Date.now };
  const sessions = new Sessions({ ...common, parse: await loadParser(), ...options.sessions });
  const server = new Server({
    ...common,
    token,
    sessions,
    outputFiles: new OutputFiles({ ...nodeHost, folder: outputFolderAt(outputs), blobs }),
    askPython: askingBy(),
    elsewhere,
    get socket() {
      return socket?.();
    },
    log,
    onStop,
    onClients,
  });
  return { server, sessions };
}

export interface ResidentOptions
  extends Omit<AssembleOptions, 'sessions'>,
    Pick<SessionsOptions, 'idPrefix' | 'onOpened' | 'onClosed'> {
  /** For what outlives the daemon, and what is too large for the memory. */
  readonly stateFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Resident extends Assembly {
  /** Ends its kernels and connections. */
  stop(): Promise<void>;
}

/** One that keeps notebooks open while clients come and go. */
export async function assembleResident({
  stateFolder,
  environment,
  idPrefix,
  onOpened,
  onClosed,
  ...options
}: ResidentOptions): Promise<Resident> {
  const probe = new ProbeProcess({ findPython: () => findOurPython(environment) });
  const assembly = await assemble({
    ...options,
    sessions: {
      environment,
      idPrefix,
      largeFrom: options.elsewhere?.largeFrom,
      ...(onOpened && { onOpened }),
      ...(onClosed && { onClosed }),
      spools: new Spools({ bytes: printedBytes, openFile: spoolFilesIn(join(stateFolder, 'spools')) }),
      stateFiles: new StateFiles(join(stateFolder, 'outputs')),
      provideKernels: localPython({ keepsSpares: true }).provideKernels,
      askPython: askingBy((_, question) => probe.ask(question)),
      plainFileNames: false,
      keepsReturns: false,
    },
  });
  const stop = async () => {
    await assembly.server.stop();
    probe.close();
  };
  return { ...assembly, stop };
}
