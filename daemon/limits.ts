/** Every bound of the daemon, with its unit. A bound says what happens beyond it: refuse, drop and tell, or slow the sender. */

/** One frame between daemon and worker, attachments included. A larger one ends the kernel. */
export const workerFrameBytesMax = 256 * 1024 * 1024;
/** One mark in the worker's output. What looks like the start of a mark and grows longer is text. */
export const markerBytesMax = 64;
/** Steps handed to a kernel and not finished. One more is refused by an assertion: the session sends no more than `stepsAheadMax`. */
export const kernelStepsWaitingMax = 1024;
/** Steps that a session decides and sends before they are due. Those that do not come to be were decided in vain. */
export const stepsAheadMax = 64;
/** Time for a worker to start, its interpreter included. Afterwards it is killed and the kernel has died. */
export const kernelStartSecondsMax = 60;
/** From the start of a kernel until a spare for the next one is started, and from a step until it is looked whether the spare still fits. */
export const spareDelayMilliseconds = 1_000;
/** The first spare of a kernel waits for its steps so long, and is then started beside them. */
export const spareBusySeconds = 10;
/** A spare that waits this long since the last step of its session is ended. The next restart finds none. */
export const spareIdleSeconds = 900;
/** Time for a spare to look whether it would still start the same. Afterwards it is ended and a process is started instead. */
export const spareAnswerMilliseconds = 1_000;
/** How long it counts what a restart has looked at (interpreter, spare) while the kernel before it ends. Afterwards it looks again. */
export const spareLookMilliseconds = 200;
/** Time for a process to do the first imports of a notebook beforehand. Afterwards it is ended, and one takes its place that does none. */
export const preloadSecondsMax = 60;
/** Imports of a notebook that are done beforehand. Those that follow are done when they are due. */
export const preloadedImportsMax = 200;
/** First cells of a notebook that are looked through for imports, and their text. Imports further down are done when they are due. */
export const leadingCellsMax = 20;
export const leadingCodeCharactersMax = 32_000;
/** Time for a process to be forked and to connect. Afterwards one is started instead. */
export const forkMillisecondsMax = 2_000;
/** Time for a kernel to leave when asked to. Afterwards it is killed. */
export const kernelStopSecondsMax = 2;
/** Time to wait for output that children still hold open after the kernel has ended. Afterwards it is let go. */
export const kernelDrainMillisecondsMax = 500;
/** Time for a step to end after its task was cancelled where it awaits. Afterwards SIGINT is tried. */
export const interruptSoftMilliseconds = 500;
/** Time for a step to raise KeyboardInterrupt. Afterwards the kernel's process group is signalled. */
export const interruptSigintMilliseconds = 1_500;
/** Time for a step to end after its process group was signalled. Afterwards it is told that it goes on: more is done only when asked for. */
export const interruptGroupMilliseconds = 2_000;
/** Time for a killed kernel to be gone. Afterwards it is told that it is still there. */
export const interruptKillMilliseconds = 2_000;
/** Time for a kernel to answer a question about its values. Afterwards the question is refused, and a late answer is dropped. */
export const questionMilliseconds = 1_000;
/** Questions that were not answered in time. Then no more is asked until the step ends. */
export const questionsLateMax = 2;
/** Questions that wait for the one before them. One more is refused. */
export const questionsWaitingMax = 64;
/** How often SIGINT is sent again to a worker that has not answered since its process group was signalled. */
export const interruptRepeatMilliseconds = 250;
/** From the end of an interrupted step until its kernel's processes are looked at: the time that they have to leave. */
export const survivorsLookMilliseconds = 200;
/** Processes that are named after an interrupt. More are left out. */
export const survivorsNamedMax = 20;
/** Of a process's command line, when it is named. The rest is cut. */
export const commandCharactersMax = 200;
/** Text of the error stream kept to explain a kernel that died. The oldest is dropped. */
export const kernelLastWordsCharactersMax = 4_000;
/** Time for an interpreter to say where it is. Afterwards it counts as unusable. */
export const interpreterAnswerSecondsMax = 20;
/** Answers of shims that are remembered. The oldest is forgotten, and that shim is asked again. */
export const shimAnswersMax = 256;
/** Of a pyproject.toml; the settings of a larger one do not count, and `check` says so. */
export const settingsBytesMax = 1024 * 1024;
/** What a Python says of a notebook's syntax and modules. With more it counts as having said nothing. */
export const probeAnswerBytesMax = 16 * 1024 * 1024;
/** That Python is ended when nobody has asked it for this long. The next question starts another. */
export const probeIdleSeconds = 20;
/** Questions that wait for that Python. One more is not answered, and asked again at the next change. */
export const probeQuestionsMax = 256;
/** Of a notebook, how many cells are compiled with one question, so that other notebooks get their turn in between. */
export const probeCellsMax = 200;
/** Cells of a notebook whose compiling is remembered. What was not used for longest is compiled again. */
export const compiledCellsKeptMax = 20_000;
/** From the last change of a notebook until the compiler, modules and files are asked about it. */
export const worldDelayMilliseconds = 300;

/** How often the daemon looks whether its socket and its file are there. Who cleans the folder hides it for so long. */
export const presenceLookMilliseconds = 2_000;
/** From the news that something in the folder has come or gone until it looks. */
export const presenceSoonMilliseconds = 20;
/** Log of the daemon. A full one is kept as `….1`, over the one before. */
export const logBytesMax = 4 * 1024 * 1024;
/** Clients connected at the same time. One more is disconnected before it can say anything. */
export const clientsMax = 256;
/** Tokens that were made for clients and are not over. One more is refused. */
export const tokensMax = 256;
/** Attempts to become the one that listens, against others that start at the same moment. Afterwards the start fails. */
export const socketClaimsMax = 20;

/** A notebook with more characters or lines has a thread of its own. With fewer, no piece of work on it keeps others waiting for long. */
export const largeCharacters = 30_000;
export const largeLines = 1_000;
/** Threads for large notebooks, and for questions about large texts. One more is refused. */
export const threadsMax = 16;
/** Memory of a thread, as its Node counts it. One that needs more ends, with its notebook and nothing else. */
export const threadMegabytesMax = 4_096;
/** Time for a thread to end its kernels. Afterwards it is ended, and they find that they are alone. */
export const threadStopSecondsMax = 5;
/** Of what one client has sent to threads, characters that wait for their answers. What comes beyond is refused. */
export const crossingCharactersMax = 64 * 1024 * 1024;
/** How long a list of notebooks waits for those in threads. Afterwards it says how they were. */
export const listMilliseconds = 1_000;

/** Work on one notebook that is cut into slices: after each, what has come in meanwhile has its turn. */
export const sliceMilliseconds = 10;
/** Cells in a notebook. A larger file is refused. */
export const cellsMax = 20_000;
/** Text of a notebook. A larger file is refused. */
export const textCharactersMax = 8 * 1024 * 1024;
/** Of a text that is converted, which may have outputs in it. A larger one is refused. */
export const convertedCharactersMax = 32 * 1024 * 1024;
/** Open notebooks in one thread. One more is refused. */
export const sessionsMax = 256;
/** Of them, variants of one file. One more is refused. */
export const variantsMax = 128;
/** Events that a session keeps for clients that come back or read slowly. Who fell further behind gets a new snapshot. */
export const eventsKeptMax = 4_096;
/** The same in characters of printed text that the view has. */
export const eventsKeptTextMax = 8 * 1024 * 1024;
/** The same in characters of displays, but for their blobs, and of errors. */
export const eventsKeptCharactersMax = 32 * 1024 * 1024;
/** Stream text beyond what a view shows that waits for slow clients, in characters. The oldest becomes a gap: it stays in the spool. */
export const streamBacklogCharactersMax = 1024 * 1024;
/** Bytes on their way to one client beyond which its next events wait in the session: what is told next is not far behind them. */
export const clientBacklogBytesMax = 256 * 1024;
/** How often a waiting client is looked at again. */
export const clientPumpMilliseconds = 20;
/** While cells run, a client is told of what happens at most this often. When none runs any more, nothing waits. */
export const clientRestMilliseconds = 4;
/** Stream text is sent at most this often (60 Hz), or when this much has come. */
export const streamFlushMilliseconds = 16;
export const streamFlushCharactersMax = 64 * 1024;
/** Stream text of one step that is kept to be read later: the first and the last of it. What is between is dropped and told as a cut. */
export const spoolHeadBytesMax = 32 * 1024 * 1024;
export const spoolTailBytesMax = 32 * 1024 * 1024;
/** Of it in memory; with more, all of it goes into a file. Where none can be had, the first and the last of this size are kept. */
export const spoolMemoryBytesMax = 256 * 1024;
/** Spooled text of all steps in memory. Beyond, the oldest keep no more than their beginnings. */
export const spoolsMemoryBytesMax = 64 * 1024 * 1024;
/** Files of spools. For one more, the oldest keeps no more than its beginning. */
export const spoolFilesMax = 32;
/** What an old spool keeps of its beginning. */
export const spoolShrunkBytesMax = 64 * 1024;
/** What a spool writes and reads at once. */
export const spoolChunkCharactersMax = 64 * 1024;
/** A line that is longer is not looked at for carriage returns: they stay in it. */
export const rewrittenCharactersMax = 4_096;
/** Outputs of one step. What comes after goes as text into one more. */
export const stepOutputsMax = 2_000;
/** An output that is updated is told at most so often (10 Hz); the last state always is. */
export const updateMilliseconds = 100;
/** All outputs of a cell as one text. Of a longer one the first and the last halves are given, and what is between is counted. */
export const outputTextCharactersMax = 8 * 1024 * 1024;
/** A file that follows a cell is written at most so often. */
export const outputFileMilliseconds = 250;
/** Outputs of one notebook that are kept for the next life of the daemon. The oldest cells, and parts of a quarter of this size, are left out. */
export const keptOutputsBytesMax = 8 * 1024 * 1024;
/** Of them, those whose code no cell has any more. When cells are removed, the oldest beyond are forgotten; those without room at once. */
export const keptOutputsFreeMax = 1_000;
/** From the end of a step until they are written, with those of the steps that end meanwhile. */
export const keptOutputsDelayMilliseconds = 500;
/** Of all notebooks. Those that were written longest ago are removed. */
export const stateFilesBytesMax = 128 * 1024 * 1024;
/** An answer to `input()`. A longer one is refused. */
export const inputReplyCharactersMax = 1024 * 1024;
/** Text of one MIME type that stands inline; larger content becomes a blob. Plain text is what most clients show. */
export const inlineCharactersMax = 64 * 1024;
export const inlinePlainCharactersMax = 256 * 1024;
/** All that stands inline of what one step displays, and all steps of a session. What comes after becomes a blob, however small. */
export const stepInlineBytesMax = 1024 * 1024;
export const sessionInlineBytesMax = 8 * 1024 * 1024;
/** Outputs of cells in a view, but for what displays hold inline. Beyond, the cells that ran longest ago show none any more, and say so. */
export const sessionShownBytesMax = 16 * 1024 * 1024;
/** Text and frames of one error, and of all errors of a session. Beyond, an error has its message alone, cut short. */
export const errorBytesMax = 512 * 1024;
export const sessionErrorBytesMax = 4 * 1024 * 1024;
export const shortErrorCharactersMax = 200;
/** MIME types of one output. What comes after is left out. */
export const mimeTypesMax = 100;
/** Names of MIME types and of displays, and prompts. What is longer is cut. */
export const outputNameCharactersMax = 1_000;
/** Events that a client is sent to catch up. Where there is more, it gets a new snapshot. */
export const eventsSinceCharactersMax = 8 * 1024 * 1024;
/** Blobs in memory, all sessions together. The oldest are dropped. */
export const blobBytesMax = 256 * 1024 * 1024;
/** Runs whose end a client can still ask for. The oldest are forgotten. */
export const runsRememberedMax = 200;
/** Files of modules, and data files, that a session keeps an eye on. What a step loads or reads beyond is not looked at. */
export const inputFilesMax = 2_000;
/** Folders of these that are watched. Files in others are looked at when a run starts. */
export const inputFoldersWatchedMax = 64;
/** From the first news of such a folder until its files are looked at: who saves writes several times. */
export const inputLookDelayMilliseconds = 50;
/** Where files change all the time, the daemon looks at them for one part in so many of its time. */
export const inputLookShare = 10;
/** On a busy machine a look may take long all by itself: nobody waits longer than this to hear of a change. */
export const inputLookDelayMillisecondsMax = 1_000;
/** Of a larger data file not all is compared, but its size, the time of its last change and its ends. */
export const dataFileComparedBytesMax = 4 * 1024 * 1024;
/** Of such a file, each of the two ends. */
export const dataFileEndBytes = 64 * 1024;
/** Of one look, or of the files of one step, as a whole. Of those beyond, only the ends are compared, and of those that have changed, nothing. */
export const dataBytesComparedMax = 64 * 1024 * 1024;
/** Data files are compared for so long without a pause. */
export const dataFilesSliceMilliseconds = 4;
/** Steps whose data files wait to be compared. With one more, those of the oldest are compared at once. */
export const dataStepsWaitingMax = 256;
/** Runs that wait. One more is refused. */
export const runsQueuedMax = 256;
/** Placeless steps that wait in a session. One more is refused. */
export const placelessQueuedMax = 64;
/** Clients that have names of their own in a session. One more is refused. */
export const layersMax = 64;
/** Cells of which one event tells how they stand. What more there is to tell follows in later turns, so that a step that begins need not wait for it. */
export const standingsToldAtOnceMax = 200;
/** Removed cells whose identity is kept in case the removal is undone. */
export const removedCellsMax = 200;
/** A daemon without clients and without kernels ends after this time. */
export const idleExitSeconds = 600;
