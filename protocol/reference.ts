/** The description of the protocol as a page for people. */
import type { Description, NotificationEntry, RequestEntry, Schema } from './describe.ts';
import type { HiddenField, RolesEntry } from './describe-roles.ts';

export function referencePage({ protocol, requests, notifications, roles, errors, limits, $defs }: Description): string {
  return [
    '# Reference',
    `Version ${protocol} of the protocol. Generated from \`protocol/\` by \`node spec/generate.mjs\`; do not edit. For programs, see \`protocol.json\`.`,
    'A field with `?` may be absent. Ignore fields that you do not know.',
    '## Requests',
    table(
      ['method', 'role', 'changes something', 'description'],
      requests.map((r) => [link(r.method), r.role, r.changes ? 'yes' : '', r.doc]),
    ),
    ...requests.map(requestSection),
    '## Notifications',
    ...notifications.map(notificationSection),
    '## Roles',
    ...rolesSection(roles),
    '## Refusals',
    'JSON-RPC errors with these codes; `data.name` is the name, `data.retry` says whether the same request may succeed later.',
    table(
      ['name', 'code', 'retry', 'meaning'],
      errors.map((e) => [`\`${e.name}\``, String(e.code), e.retry ? 'yes' : '', e.meaning]),
    ),
    '## Limits',
    'What a client may meet, and what happens beyond it. `protocol.json` has them as numbers.',
    table(
      ['name', 'value', 'of what'],
      limits.map(({ name, value, doc }) => [`\`${name}\``, value.toLocaleString('en-US'), doc]),
    ),
    '## Nouns',
    ...Object.entries($defs).map(([name, schema]) =>
      [`### ${name}`, schema.description, fields(schema)].filter(Boolean).join('\n\n'),
    ),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

function requestSection(request: RequestEntry): string {
  const refuses =
    request.errors.length > 0
      ? `Refuses with ${request.errors.map((name) => `\`${name}\``).join(', ')}.`
      : 'Has no refusals of its own.';
  return [
    `### ${request.method}`,
    request.doc,
    `Role: ${request.role}. ${refuses}`,
    `Params: ${fields(request.params)}`,
    `Result: ${fields(request.result)}`,
  ].join('\n\n');
}

function notificationSection({ method, doc, direction, params }: NotificationEntry): string {
  const way = direction === 'to-client' ? 'Sent by the server to its clients.' : 'Sent by a client to the server.';
  return [`### ${method}`, `${doc} ${way}`, `Params: ${fields(params)}`].join('\n\n');
}

function rolesSection({ events, view, results }: RolesEntry): string[] {
  const shown = (hidden: readonly HiddenField[]) =>
    hidden.map(({ field, role }) => `\`${field}\`${role === 'editor' ? '' : ` (${role})`}`).join(', ');
  return [
    'The least role for each request is in the table above. For a role that does not see an event, the event `hidden` with the same number takes its place. Of what a role sees, some fields are for editors alone, or from another role on, which is then in parentheses. Other roles get them without a value: a field with `?` is left out; any other is empty or 0. Of `path`, they get the name of the file.',
    table(
      ['event', 'least role', 'for editors alone'],
      events.map(({ type, role, hidden }) => [`\`${type}\``, role, shown(hidden)]),
    ),
    table(
      ['view or result of', 'for editors alone'],
      [['[NotebookView](#notebookview)', shown(view)], ...results.map(({ method, hidden }) => [link(method), shown(hidden)])],
    ),
  ];
}

function fields(schema: Schema): string {
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants?.some(({ properties }) => properties)) return `one of\n\n${variants.map(variantItem).join('\n')}`;
  const rows = rowsOf(schema, '');
  if (rows.length === 0) return schema.properties ? 'nothing.' : `${typeText(schema)}.`;
  return `an object.\n\n${table(['field', 'type', ''], rows)}`;
}

/** A row for each field, and for those further in that say something of themselves. */
function rowsOf({ properties = {}, required = [] }: Schema, prefix: string): (readonly string[])[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}${required.includes(name) ? '' : '?'}`;
    const inside = rowsOf(field.items ?? field, `${path}${field.items ? '[]' : ''}.`).filter(([, , said]) => said !== '');
    return [[`\`${path}\``, typeText(field), field.description ?? ''], ...inside];
  });
}

function variantItem(variant: Schema): string {
  const said = rowsOf(variant, '').filter(([, , text]) => text !== '');
  const notes = said.map(([path, , text]) => `\n  - ${path}: ${text}`).join('');
  return `- ${inline(variant)}${variant.description ? ` ${variant.description}` : ''}${notes}`;
}

function typeText(schema: Schema): string {
  if (schema.$ref) return link(schema.$ref.replace('#/$defs/', ''));
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants) return variants.map(typeText).join(' or ');
  if (schema.prefixItems) return `[${schema.prefixItems.map(typeText).join(', ')}]`;
  if (schema.type === 'array') return `array of ${typeText(schema.items ?? {})}`;
  if (schema.properties) return inline(schema);
  if (schema.type === 'object')
    return `object of ${typeText(typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {})}`;
  return schema.type ?? 'anything';
}

function inline({ properties = {}, required = [] }: Schema): string {
  const texts = Object.entries(properties).map(
    ([name, field]) => `${name}${required.includes(name) ? '' : '?'}: ${typeText(field)}`,
  );
  return `{ ${texts.join(', ')} }`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** As the pages of forges make anchors of headings. */
function link(name: string): string {
  return `[${name}](#${name.toLowerCase().replaceAll('/', '')})`;
}
