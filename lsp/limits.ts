/** Every bound of the language server, with its unit. */

/** Lines of an output that stand inside the buffer; the editor does not bound them, so we do. */
export const outputLinesMax = 15;
export const outputColumnsMax = 120;

/** A hover scrolls, so it may be longer. */
export const hoverLinesMax = 60;

/** Inlay hints of editors that draw them in the line. */
export const hintColumnsMax = 40;

/** What a lens says of an output. */
export const lensColumnsMax = 40;

/** Edits that wait for the daemon; past it they are replaced by one change: the whole text. */
export const changesPendingMax = 200;

/** How long an answer waits for the daemon to have seen the last edit. */
export const inStepMsMax = 3_000;

/** Diagnostics follow a stream of output at most this often. */
export const publishIntervalMs = 50;

/** Neovim 0.12 loses a refresh of hints that comes together with one of lenses, and 0.10 a refresh of lenses while it fetches them. */
export const refreshDelayMs = 200;

/** An editor that is still fetching lenses drops a refresh; it is asked again when it did not fetch them, so often. */
export const refreshTriesMax = 3;

/** Looks for a lost daemon, under a second in all; after that the next edit or command starts one. */
export const reconnectLooksMax = 5;

/** A daemon that does not start is not started again at every key. */
export const startRetryMs = 5_000;

/** How long a clipboard tool may take. */
export const clipboardMsMax = 3_000;
