/** Every bound of a client that follows a notebook, with its unit. */

/** Events that come while a snapshot is on its way. One more forgets them all, and another snapshot is asked for. */
export const eventsHeldMax = 10_000;
