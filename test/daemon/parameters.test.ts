/** Values that clients set in place of what the text says. */
import { expect, it } from 'vitest';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();
const text = '# %%\nrate = 1\n# %%\nconf = {"a": 1}\n# %%\nprint(rate, conf)\n';

async function open(given = text) {
  const notebook = await daemon.notebook(given);
  await notebook.run('all');
  const { client, session } = notebook;
  const set = async (parameters: Record<string, string | null>) => {
    const { run } = await client.request('parameters/set', { session, parameters });
    return client.request('run/wait', { session, run });
  };
  const listed = async (name: string) =>
    (await client.request('parameters/list', { session })).parameters.find((one) => one.name === name);
  return { notebook, set, listed };
}

it('are seen at the cell, in a view and in the list, and not where the text counts (P75)', async () => {
  const { notebook, set, listed } = await open();
  expect(notebook.cell(0).parameters).toBeUndefined();
  expect(await listed('rate')).not.toHaveProperty('value');
  await set({ rate: '7' });
  expect(notebook.cell(0).parameters).toEqual([{ name: 'rate', value: '7', default: '1' }]);
  expect(notebook.cell(1).parameters).toBeUndefined();
  expect(await listed('rate')).toMatchObject({ default: '1', value: '7' });
  const view = (await notebook.client.request('session/attach', { session: notebook.session })) as { view?: { cells: object } };
  expect(JSON.stringify(view)).toContain('"value":"7"');
  expect(notebook.shown(2)).toBe("7 {'a': 1}\n");
});

it('can be taken away: the text counts again (P75)', async () => {
  const { notebook, set, listed } = await open();
  await set({ rate: '7', conf: '{}' });
  expect((await set({ rate: null })).outcome).toBe('ok');
  expect(notebook.cell(0).parameters).toBeUndefined();
  expect(await listed('rate')).not.toHaveProperty('value');
  expect(notebook.cell(1).parameters).toHaveLength(1);
  expect(notebook.shown(2)).toBe('1 {}\n');
  // What is not set is left as it is.
  expect((await set({ rate: null })).steps).toEqual([]);
});

it('are told with what the text says, when that changes (P75)', async () => {
  const { notebook, set } = await open();
  await set({ rate: '7' });
  await notebook.edit(text.replace('rate = 1', 'rate = 2'));
  expect(notebook.cell(0).parameters).toEqual([{ name: 'rate', value: '7', default: '2' }]);
  await notebook.edit(text.replace('rate = 1', 'other = 2'));
  expect(notebook.cell(0).parameters).toBeUndefined();
  expect((await set({ rate: null })).outcome).toBe('ok');
});

it.each(['__proto__', 'nope', 'print', '', 'conf.a', 'rate '])('are refused for %j, which is no parameter', async (name) => {
  const { notebook } = await open();
  for (const value of ['1', null]) {
    const parameters = JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(value)}}`) as Record<string, string | null>;
    const asked = notebook.client.request('parameters/set', { session: notebook.session, parameters });
    await expect(asked).rejects.toThrow(
      name === '__proto__' ? /"__proto__" cannot be a name/ : /no parameter|cannot be a parameter/,
    );
  }
  expect(notebook.cell(0).parameters).toBeUndefined();
});

it.each([
  ['conf = {"a": 1}', 'conf', '{"b": true, "c": [null, 1.5]}', "{'b': True, 'c': [None, 1.5]}"],
  ['conf = {"a": 1}', 'conf', '{"b": True}', "{'b': True}"],
  ['conf: dict[str, bool] = {}', 'conf', '{"b": false}', "{'b': False}"],
  ['conf: list = []', 'conf', '[true, "ä\\n", {"x": null}]', "[True, 'ä\\n', {'x': None}]"],
  ['conf: list[bool] = []', 'conf', '[true]', '[True]'],
  ['conf: list[int] = []', 'conf', '1, 2', '[1, 2]'],
  ['conf = None', 'conf', '{"b": true}', "{'b': True}"],
  ['conf = None', 'conf', 'true', 'true'],
  ['conf = []', 'conf', '[true, 12345678901234567890, -1e400, 1e21]', '[True, 12345678901234567890, -inf, 1e+21]'],
  ['conf = []', 'conf', '[null, "a\\/b", "\\ud83d\\ude00", "true"]', "[None, 'a/b', '😀', 'true']"],
  ['conf = {}', 'conf', '{"__proto__": true,\r\n "a": 1}', "{'__proto__': True, 'a': 1}"],
])('are read in the notation of Python or JSON: %s given %s=%s', async (cell, name, value, shown) => {
  const { notebook, set } = await open(`# %%\n${cell}\n# %%\nprint(conf)\n`);
  await set({ [name]: value });
  expect(notebook.shown(1)).toBe(`${shown}\n`);
});

it.each([
  ['conf = {"a": 1}', '{b: true}', 'a dict such as {"a": 1, "b": True}, in the notation of Python or JSON'],
  ['conf: dict[str, int] = {}', 'b=1', 'a dict such as'],
  ['conf = (1, 2)', '[1, 2]', 'a tuple such as (1, "a", True), in the notation of Python'],
  ['conf = [1]', '{"a": 1}', 'a list such as [1, "a", True]'],
])('are refused with the notation that is expected: %s given %s', async (cell, value, message) => {
  const { set } = await open(`# %%\n${cell}\n`);
  await expect(set({ conf: value })).rejects.toThrow(message);
});
