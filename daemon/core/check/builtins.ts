/** Names that need no definition: those that Python has by birth, and what IPython and Headwater put beside the builtins. */
import { births } from '../analysis/births.ts';
import type { Name } from '../analysis/facts.ts';

/** `_` also is what gettext installs. */
const interactiveNames = ['display', 'get_ipython', 'In', 'Out', '_', '__', '___', '_i', '_ii', '_iii', '_oh', '_ih', '_dh'];

export const everywhere: ReadonlySet<Name> = new Set([...births, ...interactiveNames]);
