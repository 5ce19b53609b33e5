/** The limits that a client may meet, for the description of the protocol. What only the daemon needs to know is not among them. */
import {
  cellStreamCharactersMax,
  frameBytesMax,
  headerBytesMax,
  interruptDeadlineMsMax,
  outputReadCharactersMax,
  placelessCodeCharactersMax,
  placelessKeptMax,
  placelessStreamCharactersMax,
  requestsInFlightMax,
  socketPathBytesMax,
  streamCharactersMax,
  tokenLifetimeSecondsMax,
  variableNamesMax,
  variablesListedMax,
  variantNameCharactersMax,
  writeQueueBytesMax,
} from './limits.ts';

export interface ToldLimit {
  readonly name: string;
  readonly value: number;
  /** Of what, and what happens beyond it. */
  readonly doc: string;
}

const docs: readonly (readonly [values: Readonly<Record<string, number>>, doc: string])[] = [
  [{ frameBytesMax }, 'Bytes of the body of a frame (P5, P8).'],
  [{ headerBytesMax }, 'Bytes of the header of a frame (P5).'],
  [{ writeQueueBytesMax }, 'Bytes that a peer has not yet taken. Beyond it, the connection ends.'],
  [{ requestsInFlightMax }, 'Requests of a client that wait for their answer (P13).'],
  [{ socketPathBytesMax }, 'Bytes of the path of the socket.'],
  [{ interruptDeadlineMsMax }, 'Milliseconds of a deadline in `run/interrupt`. A longer one is answered with −32602.'],
  [{ streamCharactersMax }, 'Characters of one stream in a view. `elided` counts the others (E25).'],
  [{ cellStreamCharactersMax }, 'Characters of all streams of a cell in a view (E25).'],
  [{ placelessStreamCharactersMax }, 'Characters of all streams of a placeless step in a view (E29).'],
  [{ placelessKeptMax }, 'Placeless steps in a view. With one more, the oldest goes (E28).'],
  [{ placelessCodeCharactersMax }, 'Characters of the code of `code/evaluate` (P62).'],
  [{ outputReadCharactersMax }, 'Characters of one answer to `output/read`. The rest is asked for with the next request.'],
  [{ variablesListedMax }, 'Variables in one answer to `variables/list`. Beyond it, `more` is true.'],
  [{ variableNamesMax }, 'Names that one `variables/list` asks for. More are answered with −32602.'],
  [{ variantNameCharactersMax }, 'Characters of the name of a variant. A longer one is answered with −32602.'],
  [{ tokenLifetimeSecondsMax }, 'Seconds that a token can live. More are answered with −32602 (P56).'],
];

export const toldLimits: readonly ToldLimit[] = docs.flatMap(([values, doc]) =>
  Object.entries(values).map(([name, value]) => ({ name, value, doc })),
);
