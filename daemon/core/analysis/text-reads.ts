/**
 * Reads of names that stand in strings: `eval("x + 1")`, `globals()["n"]`, `df.query("a > @n")`, `"{n}".format(**globals())`. Where what is
 * read is worked out when the code runs, the place is noted: nobody can see there what the cell needs.
 */
import type { Span } from '../text.ts';
import { childIn, namedChildren } from './nodes.ts';
import { resolve } from './scopes.ts';
import type { SyntaxNode } from './tree.ts';
import { spanOf, type Walk } from './walk.ts';

/** After its parts. */
export function readTextsOfCall(walk: Walk, call: SyntaxNode): void {
  const callee = childIn(call, 'function');
  if (callee?.type === 'identifier') readTextsOfFunction(walk, call, callee);
  else if (callee?.type === 'attribute') readTextsOfMethod(walk, call, callee);
}

function readTextsOfFunction(walk: Walk, call: SyntaxNode, callee: SyntaxNode): void {
  const name = walk.text(callee);
  switch (name) {
    case 'globals':
    case 'locals':
    case 'vars':
    case 'dir':
      // Whoever uses it in a way that is known takes this back.
      if (isNamespace(walk, call)) walk.unseen.set(call.start, spanOf(callee));
      return;
    case 'eval':
    case 'exec':
      readEvaluated(walk, call, callee);
      return;
    case 'getattr':
    case 'hasattr': {
      const [module, key] = positional(call);
      if (module !== undefined && key !== undefined && isOwnModule(walk, module)) readKey(walk, key, callee);
      return;
    }
    case 'timeit':
    case 'repeat':
    case 'Timer':
      readTimed(walk, call);
  }
}

function readTextsOfMethod(walk: Walk, call: SyntaxNode, callee: SyntaxNode): void {
  const [object, method] = [childIn(callee, 'object'), childIn(callee, 'attribute')];
  if (object === undefined || method === undefined) return;
  switch (walk.text(method)) {
    case 'eval':
      if (moduleNames.has(walk.text(object))) readExpression(walk, call, method);
      else readQuery(walk, call, method);
      return;
    case 'query':
      readQuery(walk, call, method);
      return;
    case 'evaluate':
      if (moduleNames.has(walk.text(object))) readExpression(walk, call, method);
      return;
    case 'run':
      if (profilers.has(walk.text(object))) readExpression(walk, call, method);
      return;
    case 'get':
    case 'pop':
    case 'setdefault':
    case '__getitem__':
    case '__contains__': {
      const [key] = positional(call);
      if (key !== undefined && isNamespace(walk, object)) {
        walk.unseen.delete(object.start);
        readKey(walk, key, method);
      }
      return;
    }
    case 'update':
      if (isNamespace(walk, object)) walk.unseen.delete(object.start);
      return;
    case 'format':
      readTemplate(walk, call, object, fields);
      return;
    case 'format_map':
      readTemplate(walk, call, object, fields);
      return;
    case 'substitute':
    case 'safe_substitute':
      readTemplate(walk, call, argumentOfTemplate(walk, object), dollars);
      return;
    case 'timeit':
    case 'repeat':
    case 'Timer':
      readTimed(walk, call);
  }
}

/** They take names from where they are called. */
const moduleNames = new Set(['pd', 'pandas', 'ne', 'numexpr']);
const profilers = new Set(['cProfile', 'profile']);

/** `globals()["n"]`; the name of a target is none that is read. */
export function readTextsOfSubscript(walk: Walk, node: SyntaxNode): void {
  const value = childIn(node, 'value');
  const key = childIn(node, 'subscript');
  if (value === undefined || key === undefined || !isNamespace(walk, value)) return;
  walk.unseen.delete(value.start);
  if (node !== walk.target) readKey(walk, key, node);
}

/** `sys.modules[__name__].n` */
export function readTextsOfAttribute(walk: Walk, node: SyntaxNode): void {
  const [object, name] = [childIn(node, 'object'), childIn(node, 'attribute')];
  if (object === undefined || name === undefined || !isOwnModule(walk, object) || node === walk.target) return;
  if (walk.text(name) === '__dict__') walk.unseen.set(node.start, spanOf(name));
  else walk.readText(walk.text(name), spanOf(name));
}

/** `"n" in globals()` */
export function readTextsOfComparison(walk: Walk, operands: readonly SyntaxNode[]): void {
  const [key, namespace] = operands;
  if (key === undefined || namespace === undefined || !isNamespace(walk, namespace)) return;
  if (!/^\s*(?:not\s+)?in\b/.test(walk.code.slice(key.end, namespace.start))) return;
  walk.unseen.delete(namespace.start);
  readKey(walk, key, key);
}

/** `"%(n)s" % globals()` */
export function readTextsOfOperator(walk: Walk, node: SyntaxNode): void {
  const [template, namespace] = namedChildren(node);
  if (template === undefined || namespace === undefined || !isNamespace(walk, namespace)) return;
  if (walk.code.slice(template.end, namespace.start).trim() === '%') readNames(walk, template, namespace, percents);
}

/** With names of its own it reads none of the notebook's. */
function readEvaluated(walk: Walk, call: SyntaxNode, callee: SyntaxNode): void {
  const [source, names, others] = positional(call);
  const given = [names, others, keyword(walk, call, 'globals')].filter((node) => node !== undefined);
  const own = given.filter((node) => isNamespace(walk, node));
  for (const { start } of own) walk.unseen.delete(start);
  if (source === undefined || (given.length > 0 && own.length === 0)) return;
  if (!readCode(walk, source)) walk.unseen.set(call.start, spanOf(callee));
}

function readExpression(walk: Walk, call: SyntaxNode, method: SyntaxNode): void {
  const [source] = positional(call);
  if (source !== undefined && !readCode(walk, source)) walk.unseen.set(call.start, spanOf(method));
}

/** pandas: `@n` is a name outside the table. */
function readQuery(walk: Walk, call: SyntaxNode, method: SyntaxNode): void {
  const [source] = positional(call);
  if (source === undefined) return;
  // Tables of a database are classes.
  if (/^[A-Z]/.test(walk.text(source))) return;
  if (isString(source)) scan(walk, source, marked);
  else if (keyword(walk, call, 'local_dict') === undefined) walk.unseen.set(call.start, spanOf(method));
}

function readTimed(walk: Walk, call: SyntaxNode): void {
  const names = keyword(walk, call, 'globals');
  if (names === undefined || !isNamespace(walk, names)) return;
  walk.unseen.delete(names.start);
  const sources = [...positional(call), keyword(walk, call, 'stmt'), keyword(walk, call, 'setup')];
  for (const source of sources) if (source !== undefined && isString(source)) readCode(walk, source);
}

function readTemplate(walk: Walk, call: SyntaxNode, template: SyntaxNode | undefined, names: RegExp): void {
  for (const argument of argumentsOf(call)) {
    const given = argument.type === 'dictionary_splat' ? namedChildren(argument)[0] : argument;
    if (given !== undefined && isNamespace(walk, given)) readNames(walk, template, given, names);
  }
}

function argumentOfTemplate(walk: Walk, object: SyntaxNode): SyntaxNode | undefined {
  const callee = childIn(object, 'function');
  return callee !== undefined && /(?:^|\.)Template$/.test(walk.text(callee)) ? positional(object)[0] : undefined;
}

/** Where the template is not in sight, the names that it is given stay unseen. */
function readNames(walk: Walk, template: SyntaxNode | undefined, namespace: SyntaxNode, names: RegExp): void {
  if (template === undefined || !isString(template)) return;
  walk.unseen.delete(namespace.start);
  scan(walk, template, names);
}

const word = String.raw`([\p{L}_][\p{L}\p{N}_]*)`;
const marked = new RegExp(String.raw`(?<![\p{L}\p{N}_@.\]])@${word}`, 'gu');
const fields = new RegExp(String.raw`\{\{|\}\}|\{${word}`, 'gu');
const percents = new RegExp(String.raw`%%|%\(${word}\)`, 'gu');
const dollars = new RegExp(String.raw`\$\$|\$\{?${word}`, 'gu');

function scan(walk: Walk, node: SyntaxNode, names: RegExp): void {
  for (const found of walk.text(node).matchAll(names)) {
    const name = found[1];
    if (name === undefined) continue;
    const end = node.start + found.index + found[0].length;
    walk.readText(name, { start: end - name.length, end });
  }
}

/** A key of the notebook's names: one name, or one that is worked out. */
function readKey(walk: Walk, key: SyntaxNode, place: SyntaxNode): void {
  const literal = plainText(walk, key);
  if (literal === undefined) walk.unseen.set(place.start, spanOf(place));
  else walk.readText(literal.text, { start: literal.start, end: literal.start + literal.text.length });
}

/** False where the code is not in sight. */
function readCode(walk: Walk, node: SyntaxNode): boolean {
  const literal = plainText(walk, node);
  if (literal === undefined) return false;
  const inner = walk.within(literal.text);
  if (inner === undefined) return true;
  for (const read of inner.reads) {
    const isOutside = resolve(inner.module, read) === inner.module && !inner.module.bindings.has(read.name);
    if (isOutside && !read.isHandlerName) walk.readText(read.name, moved(read.span, literal.start));
  }
  return true;
}

function moved({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

/** What stands between the quotes of one string, each unit in its place: white space stands for the escapes of line breaks and quotes. */
function plainText(walk: Walk, node: SyntaxNode): { readonly text: string; readonly start: number } | undefined {
  if (node.type !== 'string' || node.children.length > 0) return undefined;
  const source = walk.text(node);
  const [open = '', prefix = '', quote = ''] = /^([rRuU]?)("""|'''|"|')/.exec(source) ?? [];
  if (open === '' || source.length < open.length + quote.length) return undefined;
  const content = source.slice(open.length, -quote.length);
  const text = prefix.toLowerCase() === 'r' ? content : content.replace(/\\n/g, ' \n').replace(/\\(?=["'])/g, ' ');
  const blanks = text.length - text.trimStart().length;
  const isPlain = prefix.toLowerCase() === 'r' || !text.includes('\\');
  return isPlain ? { text: text.slice(blanks).trimEnd(), start: node.start + open.length + blanks } : undefined;
}

function isString({ type }: SyntaxNode): boolean {
  return type === 'string' || type === 'concatenated_string';
}

const namespaceUnitsMax = 80;

/** In a function, `locals()` are its own. */
function isNamespace(walk: Walk, node: SyntaxNode): boolean {
  if (node.end - node.start > namespaceUnitsMax || (node.type !== 'call' && node.type !== 'attribute')) return false;
  const text = walk.text(node);
  if (/^globals\(\s*\)$/.test(text)) return true;
  if (/^(?:locals|vars|dir)\(\s*\)$/.test(text)) return walk.isAtTop;
  return ownNames.test(text);
}

const module = String.raw`(?:(?:sys\.)?modules\[\s*(?:__name__|"__main__"|'__main__')\s*\]|__main__)`;
const ownModule = new RegExp(`^${module}$`);
const ownNames = new RegExp(String.raw`^(?:vars\(\s*${module}\s*\)|${module}\.__dict__)$`);

function isOwnModule(walk: Walk, node: SyntaxNode): boolean {
  if (node.type !== 'subscript' && node.type !== 'identifier') return false;
  return node.end - node.start <= namespaceUnitsMax && ownModule.test(walk.text(node));
}

function argumentsOf(call: SyntaxNode): readonly SyntaxNode[] {
  const list = childIn(call, 'arguments');
  return list === undefined ? [] : namedChildren(list);
}

function positional(call: SyntaxNode): readonly SyntaxNode[] {
  return argumentsOf(call).filter(({ type }) => type !== 'keyword_argument' && type !== 'dictionary_splat');
}

function keyword(walk: Walk, call: SyntaxNode, name: string): SyntaxNode | undefined {
  const found = argumentsOf(call).find((node) => {
    const written = node.type === 'keyword_argument' ? childIn(node, 'name') : undefined;
    return written !== undefined && walk.text(written) === name;
  });
  return found && childIn(found, 'value');
}
