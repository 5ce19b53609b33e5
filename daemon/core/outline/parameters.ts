/** Parameters: which names a caller may override, and the Python expression that stands for a value given as text. */
import type { Name, ParameterSite } from '../analysis/facts.ts';
import { nearest } from '../analysis/nearest.ts';
import { cellOf, type Graph, type GraphCell } from '../graph/graph.ts';
import type { CellId } from '../notebook/notebook.ts';
import { pythonString, readJson, readLiteral } from './literals.ts';

export interface Parameter {
  readonly name: Name;
  readonly cell: CellId;
  readonly site: ParameterSite;
  /** From the annotation, else from the default's literal, else `any`. */
  readonly type: string;
  /** Source text of the right-hand side. */
  readonly default: string;
}

/** Why a value cannot be taken; the message tells what to do. */
export interface ParameterProblem {
  readonly problem: string;
}

/** The names that have exactly one plain or annotated assignment; annotated and literal ones first, then page order. */
export function parametersOf(graph: Graph): Parameter[] {
  const all = graph.order.flatMap((id) => sitesOf(cellOf(graph, id)));
  const sites = new Map<Name, number>();
  for (const { name } of all) sites.set(name, (sites.get(name) ?? 0) + 1);
  const single = all.filter(({ name, cell }) => sites.get(name) === 1 && isOnlyDefiner(graph, name, cell));
  const isTyped = ({ type }: Parameter) => type !== 'any';
  return [...single.filter(isTyped), ...single.filter((parameter) => !isTyped(parameter))];
}

/** Python expressions by name, or the first thing that is wrong. */
export function resolveParameters(graph: Graph, given: Readonly<Record<string, string>>): Map<Name, string> | ParameterProblem {
  const known = new Map(parametersOf(graph).map((parameter) => [parameter.name, parameter]));
  const values = new Map<Name, string>();
  for (const [name, text] of Object.entries(given)) {
    const parameter = known.get(name);
    if (!parameter) return { problem: whyUnknown(graph, name, [...known.keys()]) };
    const expression = expressionFor(parameter.type, text);
    if (expression === undefined) return { problem: `${name} must be ${describeType(parameter.type)}, but ${text} is not.` };
    values.set(name, expression);
  }
  return values;
}

/** The values of names that stand in for what the cell says, in its order. */
export function setIn(cell: GraphCell, values: ReadonlyMap<Name, string>): { name: Name; value: string; default: string }[] {
  return sitesOf(cell).flatMap(({ name, default: own }) => {
    const value = values.get(name);
    return value === undefined ? [] : [{ name, value, default: own }];
  });
}

function sitesOf(cell: GraphCell): Parameter[] {
  return cell.facts.parameters.map((site) => ({
    name: site.name,
    cell: cell.id,
    site,
    type: typeOf(site),
    default: cell.code.slice(site.value.start, site.value.end),
  }));
}

function typeOf({ annotation, literal }: ParameterSite): string {
  if (annotation !== undefined) return annotation.replace(/\s+/g, ' ').trim();
  return literal === undefined || literal === 'none' ? 'any' : literal;
}

function isOnlyDefiner(graph: Graph, name: Name, cell: CellId): boolean {
  const definers = (graph.writers.get(name) ?? []).filter((id) => graph.cells.get(id)?.facts.defs.has(name));
  return definers.length === 1 && definers[0] === cell;
}

function whyUnknown(graph: Graph, name: Name, known: readonly Name[]): string {
  const writers = graph.writers.get(name) ?? [];
  if (writers.length > 1) {
    const places = writers.map((id) => graph.cells.get(id)?.name ?? `cell ${(graph.index.get(id) ?? 0) + 1}`).join(', ');
    return `${name} cannot be a parameter: it is bound in ${places}. A parameter has exactly one assignment.`;
  }
  if (writers.length === 1)
    return `${name} cannot be a parameter: it is not bound by one plain assignment "${name} = …" at the top level of a cell.`;
  const near = nearest(name, known);
  const hint =
    near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : known.length > 0 ? ` It has ${known.slice(0, 8).join(', ')}.` : '';
  return `The notebook has no parameter ${name}.${hint}`;
}

/** The Python expression for a value of the type; undefined when the text does not fit. */
function expressionFor(type: string, text: string): string | undefined {
  const optional = optionalOf(type);
  if (optional !== undefined) return text === 'None' ? 'None' : expressionFor(optional, text);
  switch (type) {
    case 'int':
      return /^[+-]?\d+(_\d+)*$/.test(text) ? decimal(text) : undefined;
    case 'float':
      return floatExpression(text);
    case 'bool':
      return boolExpression(text);
    case 'str':
      return pythonString(text);
    case 'Path':
    case 'pathlib.Path':
      return `__import__("pathlib").Path(${pythonString(text)})`;
    case 'date':
    case 'datetime.date':
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `__import__("datetime").date.fromisoformat("${text}")` : undefined;
  }
  return composedExpression(type, text);
}

function composedExpression(type: string, text: string): string | undefined {
  const list = /^(?:typing\.)?(?:list|List)\[(.+)\]$/.exec(type);
  if (list?.[1] !== undefined) return listExpression(list[1], text);
  const container = containerOf(type);
  if (container !== undefined) return literalOfKind(container, text);
  const choice = /^(?:typing\.)?Literal\[(.+)\]$/.exec(type);
  if (choice?.[1] !== undefined) return choiceExpression(choice[1], text);
  return (readLiteral(text) ?? readJson(text))?.source ?? pythonString(text);
}

function optionalOf(type: string): string | undefined {
  return (
    /^(?:typing\.)?Optional\[(.+)\]$/.exec(type)?.[1] ?? /^(.+?) ?\| ?None$/.exec(type)?.[1] ?? /^None ?\| ?(.+)$/.exec(type)?.[1]
  );
}

/** Python refuses leading zeros in integers. */
function decimal(text: string): string {
  return text.replace(/^([+-]?)0+(?=\d)/, '$1');
}

function floatExpression(text: string): string | undefined {
  if (/^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return `float("${text}")`;
  return /^[+-]?(inf|nan)$/.test(text) ? `float("${text}")` : undefined;
}

function boolExpression(text: string): string | undefined {
  if (/^(true|yes|on|1)$/i.test(text)) return 'True';
  return /^(false|no|off|0)$/i.test(text) ? 'False' : undefined;
}

/** `dict`, `dict[str, bool]`, `typing.Dict[…]` are dicts to a person who types one. */
function containerOf(type: string): string | undefined {
  return /^(?:typing\.)?(list|tuple|dict)(?:\[.*\])?$/i.exec(type)?.[1]?.toLowerCase();
}

/** In Python's notation, or in that of JSON. */
function literalOfKind(kind: string, text: string): string | undefined {
  const literal = readLiteral(text) ?? readJson(text);
  return literal?.kind === kind ? literal.source : undefined;
}

/** `[1, 2]` as Python writes it, or items with commas between. */
function listExpression(item: string, text: string): string | undefined {
  const literal = readLiteral(text) ?? readJson(text);
  if (literal?.kind === 'list') {
    const fits = literal.items?.every((value) =>
      item === 'str'
        ? value.kind === 'str'
        : item === 'float'
          ? ['float', 'int'].includes(value.kind)
          : item === value.kind || !isPlainType(item),
    );
    return fits ? literal.source : undefined;
  }
  const items = text === '' ? [] : text.split(',').map((part) => expressionFor(item, part.trim()));
  return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
}

function isPlainType(type: string): boolean {
  return ['int', 'float', 'bool', 'str'].includes(type);
}

function choiceExpression(choices: string, text: string): string | undefined {
  const options = readLiteral(`[${choices}]`)?.items ?? [];
  return options.find((option) => option.source === text || option.text === text)?.source;
}

function describeType(type: string): string {
  const examples: Readonly<Record<string, string>> = {
    int: 'an int such as 3',
    float: 'a float such as 0.5',
    bool: 'a bool: true or false',
    date: 'a date such as 2026-01-31',
    'datetime.date': 'a date such as 2026-01-31',
    list: 'a list such as [1, "a", True], in the notation of Python or JSON',
    tuple: 'a tuple such as (1, "a", True), in the notation of Python',
    dict: 'a dict such as {"a": 1, "b": True}, in the notation of Python or JSON',
  };
  return examples[type] ?? examples[containerOf(type) ?? ''] ?? `a value of type ${type}`;
}
