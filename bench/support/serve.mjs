/** A child of a benchmark: a JSON request a line in, a JSON answer a line out. */
import { createInterface } from 'node:readline';

export async function serve(handlers) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { op, ...rest } = JSON.parse(line);
    process.stdout.write(`${JSON.stringify(await handlers[op](rest))}\n`);
  }
}
