/** A cheap look whether a text is a notebook at all. The daemon has the last word; this one decides whether it is asked. */

/** `# %%` at the start of a line, followed by nothing, a space, or a bracket: not jupytext's commented `# %%time`. */
const percentMarker = /^\ufeff?#[ \t]*%%+(?=[ \t\r\n[{]|$)/m;

const marimoApp = /^\w+[ \t]*(?::[^=\n]*)?=[ \t]*\w+(?:\.\w+)*\.?App\(/m;
const marimoImport = /^(?:import|from)[ \t]+marimo\b/m;

export function looksLikeNotebook(text: string): boolean {
  if (text.includes('%%') && percentMarker.test(text)) return true;
  return text.includes('marimo') && marimoImport.test(text) && marimoApp.test(text);
}

const otherMarker = /^#(?:#{19}|[ \t]*(?:In[ \t]*\[[ \d]*\]:?[ \t]*\r?$|<(?:code|markdown|heading|raw)cell))/m;

/** Cells may begin with lines of many `#`, or `# In[1]:`, which stand in other files too: only where the person wants it. */
export function looksLikeOtherScript(text: string): boolean {
  return otherMarker.test(text);
}

/** Python files on this machine; buffers without a file have no session. */
export function isPythonFile(uri: string, languageId: string): boolean {
  return uri.startsWith('file:') && (languageId === 'python' || uri.endsWith('.py'));
}
