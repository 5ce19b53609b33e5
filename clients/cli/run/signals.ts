/** What signals do to a run: the first interrupt stops the step, the second everything. */
import type { Caller } from '../caller.ts';
import { exitCodes, unwritten } from '../exit.ts';

export interface SignalActions {
  interrupt(): Promise<unknown>;
  /** Ends the kernel. */
  stop(): Promise<void>;
}

/** Listens until the returned function is called. */
export function onSignals({ stdout, stderr }: Pick<Caller, 'stdout' | 'stderr'>, { interrupt, stop }: SignalActions): () => void {
  let isInterrupted = false;
  let isQuitting = false;
  const quit = (code: number) => {
    // Each write to a pipe without a reader fails again, and a second stop would not wait for the kernel that the first one ends.
    if (isQuitting) return;
    isQuitting = true;
    const exit = () => process.exit(code);
    stop().then(exit, exit);
  };
  const onInterrupt = () => {
    if (isInterrupted) {
      quit(exitCodes.interrupted);
      return;
    }
    isInterrupted = true;
    // Before there is a session, there is nothing to wait for.
    interrupt().catch(() => quit(exitCodes.interrupted));
  };
  const onTerminate = () => quit(exitCodes.terminated);
  const onHangup = () => quit(exitCodes.hangup);
  // The reader of our output went away, as in `headwater run … | head`.
  const onPipeError = (error: NodeJS.ErrnoException) => {
    const isLeft = error.code === 'EPIPE';
    if (!isLeft && !isQuitting) stderr.write(unwritten(error));
    // Nobody is told what comes of the end.
    if (isLeft) stderr.cork();
    quit(isLeft ? exitCodes.brokenPipe : exitCodes.failed);
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  process.on('SIGHUP', onHangup);
  stdout.on('error', onPipeError);
  stderr.on('error', onPipeError);
  return () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onTerminate);
    process.off('SIGHUP', onHangup);
    stdout.off('error', onPipeError);
    stderr.off('error', onPipeError);
  };
}
