/** The protocol as data: what `methods.ts`, `errors.ts` and `types.ts` say, for programs in any language. */
import * as z from 'zod';
import { describeRoles, type RolesEntry } from './describe-roles.ts';
import { refusals } from './errors.ts';
import * as methods from './methods.ts';
import { type ToldLimit, toldLimits } from './told-limits.ts';
import * as types from './types.ts';
import { protocolVersion } from './version.ts';

/** A schema of JSON Schema 2020-12, as far as we use it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly [keyword: string]: unknown;
}

export interface Description {
  readonly $schema: string;
  readonly protocol: number;
  readonly requests: readonly RequestEntry[];
  readonly notifications: readonly NotificationEntry[];
  readonly roles: RolesEntry;
  readonly errors: readonly { readonly name: string; readonly code: number; readonly retry: boolean; readonly meaning: string }[];
  readonly limits: readonly ToldLimit[];
  /** The nouns; `$ref` leads here. */
  readonly $defs: Readonly<Record<string, Schema>>;
}

export interface RequestEntry {
  readonly method: string;
  readonly doc: string;
  readonly role: types.Role;
  readonly changes: boolean;
  readonly since: number;
  readonly errors: readonly string[];
  readonly params: Schema;
  readonly result: Schema;
}

export interface NotificationEntry {
  readonly method: string;
  readonly doc: string;
  readonly direction: 'to-server' | 'to-client';
  readonly role: types.Role;
  readonly since: number;
  readonly params: Schema;
}

export function describeProtocol(): Description {
  const { properties, $defs } = schemas();
  const schemaOf = (name: string, part: string): Schema => properties[`${name} ${part}`] ?? {};
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    protocol: protocolVersion,
    requests: Object.entries(methods.requests).map(([method, { doc, role, changes, since, errors }]) => ({
      method,
      doc,
      role,
      changes,
      since,
      errors,
      params: schemaOf(method, 'params'),
      result: schemaOf(method, 'result'),
    })),
    notifications: Object.entries(methods.notifications).map(([method, { doc, direction, role, since }]) => ({
      method,
      doc,
      direction,
      role,
      since,
      params: schemaOf(method, 'params'),
    })),
    roles: describeRoles(),
    errors: Object.entries(refusals).map(([name, refusal]) => ({ name, ...refusal })),
    limits: toldLimits,
    $defs,
  };
}

/** All in one schema, so that the nouns are written once. */
function schemas(): { readonly properties: Readonly<Record<string, Schema>>; readonly $defs: Readonly<Record<string, Schema>> } {
  const parts: Record<string, z.ZodType> = {};
  for (const [method, { params, result }] of Object.entries(methods.requests)) {
    parts[`${method} params`] = params;
    parts[`${method} result`] = result;
  }
  for (const [method, { params }] of Object.entries(methods.notifications)) parts[`${method} params`] = params;
  nameNouns();
  // As "input": nothing forbids further fields, for a newer peer may send them.
  const all = z.toJSONSchema(z.object(parts), { io: 'input', unrepresentable: 'any', override: asOnTheWire }) as unknown as {
    readonly properties: Record<string, Schema>;
    readonly $defs: Record<string, Schema>;
  };
  return {
    properties: all.properties,
    $defs: Object.fromEntries(Object.entries(all.$defs).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function nameNouns(): void {
  for (const [name, value] of Object.entries({ ...types, ...methods })) {
    if (!(value instanceof z.ZodType) || z.globalRegistry.get(value)?.id !== undefined) continue;
    z.globalRegistry.add(value, { ...z.globalRegistry.get(value), id: name });
  }
}

function asOnTheWire({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: Record<string, unknown> }): void {
  if (zodSchema === types.Bytes) {
    for (const key of Object.keys(jsonSchema)) if (key !== 'id') delete jsonSchema[key];
    Object.assign(jsonSchema, { type: 'string', contentEncoding: 'base64', description: 'Base64 in JSON; bin in MessagePack.' });
  }
  // Every whole number is within these; to say so each time hides the bounds that matter.
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
