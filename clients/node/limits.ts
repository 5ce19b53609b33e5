/** Every bound of a client, with its unit. */

/** Time for a daemon to start and answer. Afterwards connecting fails with what its log says. */
export const startDeadlineMs = 20_000;
/** Time for a daemon that listens, and whose file is gone, to write the file again. Afterwards connecting fails. */
export const namelessWaitMs = 4_000;
/** Room that the runtime folder must have for a daemon to start: its file, its log, and names of sockets. */
export const roomBytesMin = 64 * 1024;
/** Between two looks at whether the daemon answers. */
export const pollMs = 10;
/** How much of the log a failed start shows. */
export const logTailCharactersMax = 2_000;
/** Attempts to find the daemon again after the connection dropped. Afterwards it is "disconnected". */
export const reconnectTriesMax = 10;
/** Before the second attempt; each further wait is twice as long. */
export const reconnectFirstWaitMs = 50;
/** The longest wait between two attempts. */
export const reconnectWaitMsMax = 5_000;
