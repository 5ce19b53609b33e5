/** What Jupyter's front ends keep, in a cell's metadata, of its look and of its runs. */
export const frontEndMetadata: ReadonlySet<string> = new Set([
  'collapsed',
  'scrolled',
  'execution',
  'ExecuteTime',
  'jupyter',
  'papermill',
  'vscode',
  'id',
  'outputId',
  'colab',
]);
