/** Setting a trait of a widget is no change across cells that anybody has to be told of. */
import { expect, it } from 'vitest';
import { LiveCheck } from '../../../daemon/core/check/live.ts';
import { marimo, notebookOf, problemsOf } from './support.ts';

const told = (...cells: string[]) => problemsOf(marimo(...cells)).filter(({ code }) => code === 'mutation-across-cells').length;

it.each([
  ['import ipywidgets as widgets', 'slider = widgets.IntSlider()'],
  ['from ipywidgets import IntSlider', 'slider = IntSlider(\n    value=1)'],
  ['import traitlets\nclass Counter(traitlets.HasTraits): pass', 'slider: Counter = Counter()'],
  ['import anywidget\nclass Counter(anywidget.AnyWidget):\n    _esm = ""', 'slider = Counter()'],
  ['import marimo as mo\ndef make(): pass', 'slider = mo.ui.anywidget(make())'],
  ['import lonboard', 'slider = lonboard.Map([])'],
])('is not said where %s makes it', (imports, made) => {
  expect(told(imports, made, 'slider.value = 3')).toBe(0);
  expect(told(imports, made, 'slider.value += 3\nslider.max = 5')).toBe(0);
  // It is more than a trait, or no store.
  expect(told(imports, made, 'slider.value = 3\nslider.children[0] = 5')).toBe(1);
  expect(told(imports, made, 'slider.layout.width = 3')).toBe(1);
  expect(told(imports, made, 'slider.clear()')).toBe(1);
});

it.each([
  ['import types', 'slider = types.SimpleNamespace()'],
  ['class Counter: pass', 'slider = Counter()'],
  ['import ipywidgets as widgets', 'slider = [widgets.IntSlider()][0]'],
  ['import ipywidgetsy as widgets', 'slider = widgets.IntSlider()'],
])('is said of other objects: %s, %s', (imports, made) => {
  expect(told(imports, made, 'slider.value = 3')).toBe(1);
});

it('is looked at again when the object is made in another way', () => {
  const cells = (made: string) => marimo('import ipywidgets as widgets', `slider = ${made}`, 'slider.value = 3');
  const before = notebookOf(cells('widgets.IntSlider()'));
  const after = notebookOf(cells('[widgets.IntSlider()][0]'));
  const live = new LiveCheck(before);
  expect(live.problems).toEqual([]);
  const edited = after.cells.map(({ cell }) => cell.id).filter((_, at) => at === 1);
  const graph = { written: new Set<string>(), mentioned: new Set<string>(), relinked: new Set<string>() };
  live.update(after, { cells: edited, moved: 'nowhere', graph });
  expect(live.problems.map(({ code }) => code)).toEqual(['mutation-across-cells']);
});
