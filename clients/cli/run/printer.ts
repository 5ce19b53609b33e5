/** Shows a run as it goes: what cells print on the streams they chose, everything else on standard error. */
import type { ErrorView, Output, SessionEvent } from '../../../protocol/types.ts';
import { bundleText } from '../render/bundle.ts';
import { count, duration } from '../render/size.ts';
import type { Screen } from '../screen.ts';
import { type LabelOf, labelText } from './cells.ts';
import { StreamNames } from './streams.ts';
import { systemExit } from './system-exit.ts';

export interface RunListener {
  event(event: SessionEvent): void;
  /** After the last event. */
  end(outcome: 'ok' | 'failed' | 'interrupted'): void;
}

interface Tally {
  ok: number;
  failed: number;
  skipped: number;
}

export function printer(screen: Screen, label: LabelOf): RunListener {
  const tally: Tally = { ok: 0, failed: 0, skipped: 0 };
  const skipped: string[] = [];
  const streams = new StreamNames();
  let planned = 0;
  let busyMs = 0;
  let deathReason: string | undefined;

  const showProgress = (cell: string) => {
    const done = tally.ok + tally.failed + tally.skipped;
    screen.progress(`[${Math.min(done + 1, planned)}/${planned}] running ${labelText(label(cell))}`);
  };

  const finished = (event: Extract<SessionEvent, { type: 'step.finished' }>) => {
    busyMs += event.durationMs;
    if (event.outcome === 'ok' || event.outcome === 'cached') tally.ok++;
    else tally.failed++;
    screen.clearProgress();
    if (event.error) showError(screen, event.error);
    if (event.outcome === 'interrupted') screen.note(`Interrupted in the cell at ${labelText(label(event.cell))}.`);
    if (event.outcome === 'raised' && !event.error)
      screen.note(`The cell at ${labelText(label(event.cell))} did not finish: ${deathReason ?? 'its kernel is gone'}.`);
  };

  return {
    event(event) {
      switch (event.type) {
        case 'run.accepted':
          planned = event.run.plan.length;
          return;
        case 'kernel':
          if (event.kernel.phase === 'starting') screen.progress('starting Python');
          if (event.kernel.phase === 'dead') deathReason = event.kernel.reason;
          return;
        case 'step.started':
          showProgress(event.cell);
          return;
        case 'step.finished':
          finished(event);
          return;
        case 'step.skipped':
          if (event.outcome === 'cached') tally.ok++;
          else {
            tally.skipped++;
            skipped.push(`skipped ${labelText(label(event.cell))}: ${event.reason}`);
          }
          return;
        case 'output.added':
          streams.added(event);
          showOutput(screen, event.output, label(event.cell).isMarkdown);
          return;
        case 'output.appended':
          screen.printed(streams.of(event), event.text);
          return;
        case 'output.updated':
          if (event.output.type !== 'stream') showOutput(screen, event.output, false);
          return;
        case 'output.unattributed':
          screen.printed(event.stream, event.text);
          return;
        default:
          return;
      }
    },
    end(outcome) {
      screen.clearProgress();
      for (const line of skipped) screen.note(line);
      if (outcome !== 'ok' || tally.skipped > 0) screen.note(summary(tally, planned));
      else if (screen.isTerminal) screen.note(`${count(tally.ok, 'cell')} ran in ${duration(busyMs)}`);
    },
  };
}

function showOutput(screen: Screen, output: Output, isMarkdown: boolean): void {
  if (output.type === 'stream') screen.printed(output.stream, output.text);
  else if (!isMarkdown) screen.note(bundleText(output.bundle));
}

function showError(screen: Screen, error: ErrorView): void {
  const exit = systemExit(error);
  if (!exit) screen.note(error.text.trimEnd());
  else if (exit.message !== undefined) screen.note(exit.message);
}

function summary({ ok, failed, skipped }: Tally, planned: number): string {
  const rest = planned - ok - failed - skipped;
  const parts = [
    `${ok} of ${count(planned, 'cell')} ran`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(rest > 0 ? [`${rest} not reached`] : []),
  ];
  return parts.join(', ');
}
