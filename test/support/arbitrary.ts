/** Random values of a schema of the protocol, with few ids and numbers, so that they meet each other. */
import fc from 'fast-check';
import { describeProtocol, type Schema } from '../../protocol/describe.ts';

const { $defs } = describeProtocol();
const id = fc.constantFrom('a', 'b', 'c');
const text = fc.oneof(id, fc.constantFrom('', '/home/u/n.py'), fc.string({ maxLength: 5 }));

export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return named(schema.$ref.replace('#/$defs/', ''));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants) return fc.oneof(...variants.map(valuesOf));
  const types: unknown = schema.type;
  if (Array.isArray(types)) return fc.oneof(...types.map((type: string) => valuesOf({ type })));
  if (schema.prefixItems) return fc.tuple(...schema.prefixItems.map(valuesOf));
  switch (schema.type) {
    case 'string':
      return text;
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.nat(3).map((n) => n + Number(schema['exclusiveMinimum'] === 0));
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), { maxLength: 3 });
    case 'object':
      return schema.properties ? objects(schema) : tables(schema);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

export function named(name: string): fc.Arbitrary<unknown> {
  return name === 'CellId' ? id : valuesOf($defs[name] ?? {});
}

function objects({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, valuesOf(field)]));
  return fc.record(fields, { requiredKeys: [...required], noNullPrototype: true });
}

function tables({ additionalProperties: item }: Schema): fc.Arbitrary<unknown> {
  return fc.dictionary(id, valuesOf(typeof item === 'object' ? item : {}), { noNullPrototype: true });
}
