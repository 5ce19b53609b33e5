/** A cheap look whether a text is a notebook at all. The daemon has the last word; this one decides whether it is asked. */

/** `# %%` at the start of a line, followed by nothing, a space, or a bracket: not jupytext's commented `# %%time`. */
const percentMarker = /^\ufeff?#[ \t]*%%+(?=[ \t\r\n[{]|$)/m;

const marimoApp = /^\w+[ \t]*(?::[^=\n]*)?=[ \t]*\w+(?:\.\w+)*\.?App\(/m;
const marimoImport = /^(?:import|from)[ \t]+marimo\b/m;

export function looksLikeNotebook(text: string): boolean {
  if (text.includes('%%') && percentMarker.test(text)) return true;
  return text.includes('marimo') && marimoImport.test(text) && marimoApp.test(text);
}

/** Python files on this machine; buffers without a file have no session. */
export function isPythonFile(uri: string, languageId: string): boolean {
  return uri.startsWith('file:') && (languageId === 'python' || uri.endsWith('.py'));
}
