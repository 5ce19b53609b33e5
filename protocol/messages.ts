/** What may be a JSON-RPC message at all. The JSON-RPC library trusts its input; this is the check before it. */
import { ErrorCodes, type Message, type ResponseMessage } from 'vscode-jsonrpc';
import { type RefusalData, refusals } from './errors.ts';

type Id = ResponseMessage['id'];

/** An answer to something that is not a request one could answer otherwise. */
export type ErrorAnswer = ResponseMessage & Required<Pick<ResponseMessage, 'error'>>;

export function errorAnswer(id: Id, code: number, message: string, data?: RefusalData): ErrorAnswer {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data && { data }) } };
}

export function tooLarge(id: Id, message: string): ErrorAnswer {
  return errorAnswer(id, refusals['limit-reached'].code, message, { name: 'limit-reached', retry: false });
}

/** The message, or the error to answer it with. */
export function checkMessage(value: unknown): { readonly message: Message } | { readonly answer: ErrorAnswer } {
  const problem = problemOf(value);
  if (!problem) return { message: value as Message };
  return { answer: errorAnswer(idOf(value), ErrorCodes.InvalidRequest, problem) };
}

function problemOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return 'Batches are not supported; send the messages one by one.';
  if (!isObject(value)) return 'A message is an object.';
  if (value.jsonrpc !== '2.0') return 'A message says "jsonrpc": "2.0".';
  if ('id' in value && !isId(value.id) && value.id !== null) return 'The id of a message must be a string or a whole number.';
  return 'method' in value ? problemOfCall(value) : problemOfResponse(value);
}

function problemOfCall(value: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof value.method !== 'string') return 'The method of a message must be a string.';
  if (value.id === null) return 'The id of a request must not be null, because its answer could not be told from others.';
  if (value.params !== undefined && value.params !== null && typeof value.params !== 'object')
    return 'The params of a message must be an object.';
  if (value.method === '$/cancelRequest' && !(isObject(value.params) && isId(value.params.id)))
    return '$/cancelRequest names the id of a request.';
  return undefined;
}

function problemOfResponse(value: Readonly<Record<string, unknown>>): string | undefined {
  if (!('id' in value)) return 'A message has a method, or the id of the request that it answers.';
  const isAnswer = value.result !== undefined || isObject(value.error);
  return isAnswer ? undefined : 'A response has a result or an error.';
}

export function idOf(value: unknown): Id {
  return isObject(value) && isId(value.id) ? value.id : null;
}

function isId(value: unknown): value is string | number {
  return typeof value === 'string' || Number.isSafeInteger(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
