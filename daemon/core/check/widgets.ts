/** Widgets: to set a trait of one (`slider.value = 3`) is how they are used, and the page follows, whichever cell did it. */
import type { Name } from '../analysis/facts.ts';
import { cellOf, type Graph, type GraphCell } from '../graph/graph.ts';
import type { CellId } from '../notebook/notebook.ts';

/** By the names of their modules, without what follows a dot. */
const widgetModules = new Set([
  'anywidget',
  'bqplot',
  'drawdata',
  'ipyaggrid',
  'ipycanvas',
  'ipycytoscape',
  'ipydatagrid',
  'ipyevents',
  'ipyleaflet',
  'ipympl',
  'ipysheet',
  'ipysigma',
  'ipytree',
  'ipyvolume',
  'ipyvuetify',
  'ipywidgets',
  'jscatter',
  'lonboard',
  'panel',
  'param',
  'pythreejs',
  'quak',
  'traitlets',
  'wigglystuff',
]);
const traitClass = /\b(?:AnyWidget|DOMWidget|HasTraits|Widget|Parameterized)\b/;

/** Whether all that the cell does to the object is to set traits of a widget, as far as the text shows what it is. */
export function onlySetsTraits(graph: Graph, cell: GraphCell, name: Name, owner: CellId): boolean {
  const spans = cell.facts.mutations.get(name)?.spans ?? [];
  const isTrait = spans.every(({ start, end }) => /^[\p{L}\p{N}_]+\s*\.\s*[\p{L}\p{N}_]+$/u.test(cell.code.slice(start, end)));
  return isTrait && isWidget(graph, cellOf(graph, owner), name);
}

/** `x = widgets.IntSlider(…)`, `x = Ours(…)`, `x = mo.ui.anywidget(…)` */
function isWidget(graph: Graph, owner: GraphCell, name: Name): boolean {
  return (owner.facts.defs.get(name)?.spans ?? []).some(({ end }) => {
    const made = /^\s*(?::[^=\n]*)?=\s*([\p{L}_][\p{L}\p{N}_]*)((?:\.[\p{L}\p{N}_]+)*)\s*\(/u.exec(owner.code.slice(end));
    return made !== null && (made[2]?.endsWith('.anywidget') || (made[1] !== undefined && makesWidgets(graph, made[1])));
  });
}

function makesWidgets(graph: Graph, root: Name): boolean {
  return (graph.writers.get(root) ?? []).some((id) => {
    const { code, facts } = cellOf(graph, id);
    const def = facts.defs.get(root);
    if (def?.imported !== undefined) return widgetModules.has(/^[^. ]+/.exec(def.imported)?.[0] ?? '');
    const [start] = def?.kind === 'class' ? def.spans : [];
    return start !== undefined && traitClass.test(/^\s*\(([^)]*)\)/.exec(code.slice(start.end))?.[1] ?? '');
  });
}
