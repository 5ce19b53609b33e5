/** Bounds of the wire. A peer that needs more is refused by name. */

/** Body of one frame; checked against the header, before any memory is taken for it. */
export const frameBytesMax = 64 * 1024 * 1024;

/** Body of a frame before the answer to initialize: whoever has no token gets little of the memory. */
export const firstFrameBytesMax = 64 * 1024;

/** Of a notebook's file. A larger one is not read. */
export const notebookBytesMax = 96 * 1024 * 1024;

/** Header of one frame, the empty line included; more is no header and ends the connection. */
export const headerBytesMax = 4 * 1024;

/** Small frames of one turn that go out as one piece; what is larger goes out as it is. */
export const gatheredBytesMax = 64 * 1024;

/** Written and not yet taken by the peer; one more byte and the peer counts as gone. */
export const writeQueueBytesMax = 2 * frameBytesMax;

/** Frames that are kept for the next peer that gets the same message. The oldest are forgotten; larger ones are not kept. */
export const sharedFramesMax = 32;
export const sharedFrameBytesMax = 256 * 1024;

/** Requests of one peer that wait for their answer at the same time; the next is refused with limit-reached. */
export const requestsInFlightMax = 1024;

/** Messages on their way inside one process; one more closes the channel. */
export const memoryQueueLengthMax = 100_000;

/** Longest path of a Unix domain socket that every supported system takes, without its final zero. */
export const socketPathBytesMax = 103;

/** How long the end of a connection waits for its last bytes to be taken. */
export const closeWaitMs = 1000;

/** The longest deadline that an interrupt may give each of its levels. */
export const interruptDeadlineMsMax = 600_000;

/** Characters of one stream output that a view keeps; what comes after is counted, and read with output/read. */
export const streamCharactersMax = 64 * 1024;

/** The same for all stream outputs of a cell together. */
export const cellStreamCharactersMax = 1024 * 1024;

/** The same for a placeless step. */
export const placelessStreamCharactersMax = 64 * 1024;

/** Placeless steps that a view keeps; with one more the oldest goes. */
export const placelessKeptMax = 50;

/** Code of a placeless step. Longer code is refused. */
export const placelessCodeCharactersMax = 64 * 1024;

/** Characters of one answer to output/read. */
export const outputReadCharactersMax = 1024 * 1024;

/** Variables in one answer to variables/list. */
export const variablesListedMax = 200;

/** Names that one variables/list asks for. */
export const variableNamesMax = 1_000;

/** Name of a variant. */
export const variantNameCharactersMax = 200;

/** The longest life that a token can be given. */
export const tokenLifetimeSecondsMax = 7 * 24 * 60 * 60;
