/** As long as a text may be. Longer cells are not parsed: they have one problem and no names. */
export const cellUnitsMax = 8 * 1024 * 1024;

/** Deeper trees are cut, so that the walk over them cannot exhaust the stack. Python itself gives up on far less nesting of brackets. */
export const treeDepthMax = 1_000;

/** Defaults of type parameters further behind their `[` are reported as an error, since the grammar does not know them. */
export const typeParametersUnitsMax = 4_000;
