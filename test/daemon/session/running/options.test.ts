/** Which options a notebook runs with, and when clients are told. */
import { expect, it } from 'vitest';
import { noSettings } from '../../../../daemon/problems/settings.ts';
import type { Session } from '../../../../daemon/session/session.ts';
import { applyChange } from '../../../../protocol/changes.ts';
import { defaultOptions } from '../../../../protocol/running-options.ts';
import type { RunningOptions } from '../../../../protocol/types.ts';
import { parse } from '../../../core/analysis/support.ts';
import { testSession } from '../../../support/session.ts';

const withProject = (options: Partial<RunningOptions>) => ({ ...noSettings, options });

function open(project: Partial<RunningOptions>): Session {
  return testSession({ text: '# %%\nx = 1\n', format: 'percent', parse, settings: withProject(project) });
}

/** What clients are told of the options from there on. */
function toldSince(session: Session, seq: number): RunningOptions[] {
  return (session.events.since(seq) ?? []).flatMap((event) => (event.type === 'options' ? [event.options] : []));
}

it('are the default ones where nobody says anything', () => {
  expect(open({}).view().options).toEqual({ mode: 'eager', detectMutations: true, earlyCutoff: false });
});

it('are those of the project, but where a client asked for another, option by option', () => {
  const session = open({ mode: 'lazy', earlyCutoff: true });
  expect(session.view().options).toEqual({ ...defaultOptions, mode: 'lazy', earlyCutoff: true });
  session.setOptions({ earlyCutoff: false });
  expect(session.view().options).toEqual({ ...defaultOptions, mode: 'lazy', earlyCutoff: false });
  session.lookAround(withProject({ earlyCutoff: true, detectMutations: false }));
  expect(session.view().options).toEqual({ ...defaultOptions, detectMutations: false });
  session.setOptions({ detectMutations: true });
  expect(session.view().options).toEqual(defaultOptions);
});

it('are told as a whole when one has changed, and only then', () => {
  const session = open({});
  const before = session.view();
  session.setOptions({ mode: 'eager' });
  session.setOptions({ mode: 'lazy', detectMutations: false });
  session.setOptions({ mode: 'lazy' });
  session.lookAround(withProject({ mode: 'eager' }));
  const lazy = { ...defaultOptions, mode: 'lazy', detectMutations: false };
  expect(toldSince(session, before.seq)).toEqual([lazy]);
  expect((session.events.since(before.seq) ?? []).reduce(applyChange, before).options).toEqual(lazy);
});

it('stay as they are where a client asks with nothing that it could mean', () => {
  const session = open({});
  session.setOptions({ mode: 'lazy', earlyCutoff: undefined });
  expect(session.view().options).toEqual({ ...defaultOptions, mode: 'lazy' });
});
