/** What marimo's values show where there is only text: their Markdown, or their HTML without its tags. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { marimoPython } from '../support/marimo.ts';

const found = await marimoPython();
if ('skipped' in found) console.warn(`Skipped: ${found.skipped}`);

const examples = {
  'mo.md("**too small**")': '**too small**',
  'mo.md("""\n    # Title\n\n    - a $x^2$\n    """)': '# Title\n\n- a $x^2$',
  'mo.vstack([1, "two", mo.md("**three** $x$")])': '1\ntwo\nthree $x$',
  'mo.hstack([1, 2, mo.md("- a\\n- b")])': '1  2\n- a\n- b',
  'mo.callout(mo.md("**a** b"), kind="danger")': 'a b',
  'mo.md("x").callout()': 'x',
  'mo.accordion({"more": mo.md("text")})': 'more\ntext',
  'mo.stat(1, label="count")': 'count\n1',
  'mo.hstack([mo.ui.slider(1, 3, label="amount")])': 'amount',
  'mo.md(f"Choose {mo.ui.slider(1, 3, label=\'amount\')}")': 'Choose amount',
  'mo.hstack([mo.ui.slider(1, 3)])': '[slider]',
  'mo.mermaid("graph")': '[mermaid]',
  'mo.Html("<p>a &lt; b<br>c</p><script>no()</script><style>no</style><table><tr><td>1</td><td>2</td></tr></table>")':
    'a < b\nc\n1  2',
  'mo.Html("<p>not closed <b>at")': 'not closed at',
  'mo.Html("<div>" * 15_000 + "deep" + "</p>" + "</div>" * 15_000)': 'deep',
  // What has no text of its own, and what a person fills in, keep their names.
  'mo.Html("")': 'Html()',
  'mo.ui.slider(1, 3)': 'slider()',
} as const;

/** As the worker makes it, for each expression: its plain text, and the kinds of its parts. */
function bundles(python: string): Readonly<Record<string, { readonly text: string; readonly kinds: readonly string[] }>> {
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
from headwater_worker.bundle import bundle_of
import marimo as mo
found = {}
for source in json.load(sys.stdin):
    parts = bundle_of(eval(source))
    found[source] = {"text": parts["text/plain"], "kinds": sorted(parts)}
parts = bundle_of(mo.Html("<p>" + "y" * 1_000_000))
found["long"] = {"text": str(len(parts["text/plain"])), "kinds": []}
found["markdown"] = {"text": bundle_of(mo.md("**b**"))["text/markdown"], "kinds": []}
print(json.dumps(found))`;
  const input = JSON.stringify(Object.keys(examples));
  const answer = execFileSync(python, ['-c', program, join(packageRoot(), 'daemon', 'worker')], { input, encoding: 'utf8' });
  return JSON.parse(answer);
}

describe.skipIf('skipped' in found)('a value of marimo', () => {
  const made = 'python' in found ? bundles(found.python) : {};

  it.each(Object.entries(examples))('%s', (source, expected) => {
    expect(made[source]?.text).toBe(expected);
    expect(made[source]?.kinds).toContain('text/html');
  });

  it('shows so much of long HTML', () => expect(Number(made['long']?.text)).toBeLessThanOrEqual(200_000));

  it('has its Markdown as it was written', () => expect(made['markdown']?.text).toBe('**b**'));
});
