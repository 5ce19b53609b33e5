/** The placeless steps of a view after one event. */
import { changeOutputs } from './fold-outputs.ts';
import { placelessKeptMax, placelessStreamCharactersMax } from './limits.ts';
import type { PlacelessView, SessionEvent } from './types.ts';

type Of<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;
type PlacelessEvent = Of<'placeless.started' | 'placeless.output' | 'placeless.finished'>;

export function isOfPlaceless(event: SessionEvent): event is PlacelessEvent {
  return event.type === 'placeless.started' || event.type === 'placeless.output' || event.type === 'placeless.finished';
}

export function changePlaceless(kept: readonly PlacelessView[], event: PlacelessEvent): readonly PlacelessView[] {
  if (event.type === 'placeless.started') return [...kept, started(event)].slice(-placelessKeptMax);
  return kept.map((step) => (step.step === event.step ? changeStep(step, event) : step));
}

function started({ step, client, code, at, startedAt }: Of<'placeless.started'>): PlacelessView {
  return { step, client, code, ...(at !== undefined && { at }), startedAt, outputs: [] };
}

function changeStep(step: PlacelessView, event: Of<'placeless.output' | 'placeless.finished'>): PlacelessView {
  if (event.type === 'placeless.finished') {
    const { outcome, durationMs, error, names } = event;
    return { ...step, outcome, durationMs, names, ...(error && { error }) };
  }
  const outputs = changeOutputs(step.outputs, event.change, placelessStreamCharactersMax);
  if (event.change.type !== 'output.cleared') return { ...step, outputs };
  return { ...step, outputs, clearings: (step.clearings ?? 0) + 1 };
}
