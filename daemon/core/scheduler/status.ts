/** One word for how a cell stands, and why. Computed, never stored. */
import type { CellId } from '../notebook/notebook.ts';
import { isOfToday, standingOf } from './standing.ts';
import { type SkipReason, type State, spentKey } from './state.ts';
import { versionsOf } from './values/early-cutoff.ts';
import { whyStale } from './why-stale.ts';

export type Status = 'new' | 'stale' | 'queued' | 'running' | 'fresh' | 'failed' | 'skipped' | 'disabled' | 'conflict';

export interface StatusAndReason {
  readonly status: Status;
  readonly reason: SkipReason | undefined;
}

export function statusOf(state: State, id: CellId): StatusAndReason {
  const { isFresh, blocked } = standingOf(state, id);
  if (state.kernel.phase === 'busy' && state.kernel.cell === id) return because('running');
  if (isQueued(state, id)) return because('queued');
  if (blocked) return because(blockedStatus(blocked.why, blocked.cell === id), { type: blocked.why, cell: blocked.cell });
  if (isFresh) return because('fresh', changedBeside(state, id) ?? unwatchedData(state, id));
  const cell = state.graph.cells.get(id);
  const record = state.records.get(id);
  const skip = state.skips.get(id);
  if (skip && isStillSkipped(state, id)) return because('skipped', skip.reason);
  if (!cell || !record) return because('new');
  if (record.outcome === 'stopped' && isOfToday(state, cell, record)) return because('skipped', { type: 'stopped-itself' });
  if (record.outcome === 'raised' && isOfToday(state, cell, record)) return because('failed');
  if (record.outcome === 'interrupted') return because('stale', { type: 'interrupted' });
  return because('stale', whyStale(state, cell, record));
}

function blockedStatus(why: 'conflict' | 'disabled' | 'unparsable', isOwn: boolean): Status {
  if (!isOwn) return why === 'disabled' ? 'disabled' : 'skipped';
  return why === 'unparsable' ? 'failed' : why;
}

/** What the cell gave still counts where it has been used, but nobody is given it again. */
function changedBeside({ records, spent }: State, id: CellId): SkipReason | undefined {
  const record = records.get(id);
  if (!record || spent.size === 0) return undefined;
  for (const [name, version] of versionsOf(record)) {
    const by = spent.get(spentKey(version, name))?.find(({ cell }) => cell === undefined);
    if (by) return { type: 'changed-beside', name, step: by.step };
  }
  return undefined;
}

/** What it read beyond what is watched may have changed. */
function unwatchedData({ records }: State, id: CellId): SkipReason | undefined {
  return records.get(id)?.hasUnwatchedData ? { type: 'data-unwatched' } : undefined;
}

/** A skip tells something as long as its cause has not run or changed since. */
function isStillSkipped(state: State, id: CellId): boolean {
  const skip = state.skips.get(id);
  if (!skip || !('cell' in skip.reason)) return false;
  const cause = skip.reason.cell;
  const record = state.records.get(cause);
  if (record?.step !== skip.causeStep) return false;
  if (skip.reason.type === 'state-set-endlessly') return true;
  const cell = state.graph.cells.get(cause);
  const isFirstCause = skip.reason.type === 'failed' || (skip.reason.type === 'stopped' && record?.outcome === 'stopped');
  if (!isFirstCause) {
    const isPassedOn = skip.reason.type === 'skipped' || skip.reason.type === 'stopped';
    return cell !== undefined && !standingOf(state, cause).isFresh && isPassedOn;
  }
  return cell !== undefined && record !== undefined && isOfToday(state, cell, record);
}

function isQueued(state: State, id: CellId): boolean {
  return state.runs.some((run) => !run.cancelled && run.planned.has(id) && isAhead(run, id));
}

function isAhead(run: State['runs'][number], id: CellId): boolean {
  return !run.done.has(id) && !run.lost.has(id);
}

function because(status: Status, reason?: SkipReason): StatusAndReason {
  return { status, reason };
}
