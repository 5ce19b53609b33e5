/** What happens next in a notebook, given what just happened. Pure: the whole reactive behaviour is here and below. */

import type { Step } from './effects.ts';
import type { Event } from './events.ts';
import { cancelSteps } from './on/cancel.ts';
import { edit } from './on/edits.ts';
import { changeFiles, loadFiles, useData } from './on/files.ts';
import { interrupt, onDied, onStarted, stop } from './on/kernel-life.ts';
import { onFinished } from './on/step-ends.ts';
import { acceptPlaceless, cancelPlaceless, dropLayer, takePlaceless } from './placeless/steps.ts';
import { moveControl, requestRun } from './requests.ts';
import { advance } from './runs.ts';
import type { State } from './state.ts';
import { Turn } from './turn.ts';

export function step(state: State, event: Event): Step {
  const turn = new Turn(state);
  apply(turn, event);
  do advance(turn);
  while (takePlaceless(turn));
  if (turn.touched.size > 0) turn.emit({ type: 'standing-changed', cells: turn.touched });
  return { state: turn.state, effects: turn.effects };
}

function apply(turn: Turn, event: Event): void {
  switch (event.type) {
    case 'edited':
      return edit(turn, event);
    case 'run-requested':
      return requestRun(turn, event);
    case 'control-moved':
      return moveControl(turn, event);
    case 'cancel-requested':
      return cancelSteps(turn, event);
    case 'placeless-requested':
      return acceptPlaceless(turn, event);
    case 'placeless-cancelled':
      return cancelPlaceless(turn, event.id);
    case 'layer-dropped':
      return dropLayer(turn, event.client);
    case 'files-loaded':
      return loadFiles(turn, event);
    case 'data-used':
      return useData(turn, event);
    case 'files-changed':
      return changeFiles(turn, event.files);
    case 'options-changed':
      return turn.update({ options: event.options });
    case 'interrupt-requested':
      return interrupt(turn, event.asked ?? {});
    case 'restart-requested':
      return stop(turn, 'start');
    case 'stop-requested':
      return stop(turn, 'none');
    case 'kernel-started':
      return onStarted(turn, event.generation);
    case 'kernel-died':
      return onDied(turn, event.generation);
    case 'finished':
      return onFinished(turn, event);
  }
}
