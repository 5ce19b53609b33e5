/** Every bound of the daemon, with its unit. A bound says what happens beyond it: refuse, drop and tell, or slow the sender. */

/** One frame between daemon and worker, attachments included. A larger one ends the kernel. */
export const workerFrameBytesMax = 256 * 1024 * 1024;
/** One mark in the worker's output. What looks like the start of a mark and grows longer is text. */
export const markerBytesMax = 64;
/** Steps handed to a kernel and not finished. One more is refused by an assertion: the session sends one at a time. */
export const kernelStepsWaitingMax = 1024;
/** Time for a worker to start, its interpreter included. Afterwards it is killed and the kernel has died. */
export const kernelStartSecondsMax = 60;
/** Time for a kernel to leave when asked to. Afterwards it is killed. */
export const kernelStopSecondsMax = 2;
/** Time to wait for output that children still hold open after the kernel has ended. Afterwards it is let go. */
export const kernelDrainMillisecondsMax = 500;
/** Text of the error stream kept to explain a kernel that died. The oldest is dropped. */
export const kernelLastWordsCharactersMax = 4_000;
/** Time for an interpreter to say where it is. Afterwards it counts as unusable. */
export const interpreterAnswerSecondsMax = 20;

/** Log of the daemon. A full one is kept as `….1`, over the one before. */
export const logBytesMax = 4 * 1024 * 1024;
/** Clients connected at the same time. One more is disconnected before it can say anything. */
export const clientsMax = 256;
/** Attempts to become the one that listens, against others that start at the same moment. Afterwards the start fails. */
export const socketClaimsMax = 20;
