/** What Jupyter keeps, in a cell's metadata, of how it looks just now and of its runs. jupytext leaves it out as well. */
export const passingMetadata: ReadonlySet<string> = new Set([
  'autoscroll',
  'collapsed',
  'scrolled',
  'trusted',
  'execution',
  'ExecuteTime',
]);
