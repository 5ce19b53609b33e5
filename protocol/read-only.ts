import type * as z from 'zod';

/** What a schema describes. Nobody changes a value of the protocol, so its type is read-only all through. */
export type Described<S extends z.ZodType> = ReadOnly<z.output<S>>;

export type ReadOnly<T> = unknown extends T ? T : T extends Uint8Array ? T : { readonly [K in keyof T]: ReadOnly<T[K]> };
