import { expect, it } from 'vitest';
import { sharedDaemon } from '../support/shared-daemon.ts';
import { until } from '../support/until.ts';

const daemon = sharedDaemon();

const text = [
  '# %%',
  'import threading',
  'go = threading.Event()',
  '# %%',
  'def late():',
  '    go.wait(); print("late"); display("shown")',
  'print("started")',
  'threading.Thread(target=late).start()',
  '# %%',
  'print("opened"); go.set()',
  '',
].join('\n');

it('shows what a thread prints after the end of its step among the outputs of its cell (P23)', async () => {
  const notebook = await daemon.notebook(text);
  await notebook.run('upstream', 1);
  expect(notebook.shown(1)).toBe('started\n');
  await notebook.run('only', 2);
  await notebook.followed.waitFor(() => notebook.shown(1).endsWith("'shown'"));
  expect([notebook.shown(1), notebook.shown(2)]).toEqual(["started\nlate\n'shown'", 'opened\n']);
  // Who comes later sees the same.
  const other = await daemon.open(notebook.path, undefined, await daemon.client());
  expect(other.shown(1)).toBe("started\nlate\n'shown'");
});

it('attributes it to nobody when the cell has run again (P23)', async () => {
  const notebook = await daemon.notebook(text);
  const unattributed: string[] = [];
  notebook.client.onEvent(notebook.session, (event) => {
    if (event.type === 'output.unattributed') unattributed.push(event.text);
  });
  await notebook.run('upstream', 1);
  await notebook.edit(
    text.replace('print("started")', 'print("again")').replace('threading.Thread(target=late).start()', 'pass'),
  );
  await notebook.run('only', 1);
  await notebook.run('only', 2);
  await until(() => unattributed.join('').includes('shown'), 'what the thread showed is told');
  expect([notebook.shown(1), unattributed.join('')]).toEqual(['again\n', "late\n'shown'\n"]);
});
