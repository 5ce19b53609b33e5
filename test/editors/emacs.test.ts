import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEditor } from './editors.ts';
import { openWorkshop, type Workshop } from './notebooks.ts';
import { Terminal } from './terminal.ts';

/** As docs/editors.md has it. */
const init = `
(require 'eglot)
(add-to-list 'eglot-server-programs '((python-mode python-ts-mode) . ("headwater" "lsp")))
(add-hook 'python-mode-hook #'eglot-ensure)
(defun headwater-run (name)
  (eglot-code-actions (point) (point) (concat "source.headwater." name) t))
(keymap-global-set "C-c r" (lambda () (interactive) (headwater-run "runCell")))
(keymap-global-set "C-c o" (lambda () (interactive) (headwater-run "openOutput")))
(cl-defmethod eglot-client-capabilities :around (_server)
  (let ((capabilities (cl-call-next-method)))
    (setf (plist-get (plist-get capabilities :workspace) :inlayHint) '(:refreshSupport t))
    capabilities))
(cl-defmethod eglot-handle-request (server (_method (eql workspace/inlayHint/refresh)) &rest _)
  (dolist (buffer (eglot--managed-buffers server))
    (eglot--when-live-buffer buffer (eglot--update-hints-1 (point-min) (point-max)))))
`;

const editor = await findEditor('emacs', 'trixie');
if ('reason' in editor) console.warn(`Emacs is not tested: ${editor.reason}`);

describe.skipIf('reason' in editor)('Emacs with Eglot', () => {
  let workshop: Workshop;
  let emacs: Terminal;

  beforeAll(async () => {
    workshop = await openWorkshop();
    await writeFile(workshop.path('init.el'), init);
    const command = 'path' in editor ? [editor.path, '-nw', '-Q', '-l', workshop.path('init.el'), workshop.path('tour.py')] : [];
    emacs = await Terminal.start({ command, environment: { ...workshop.environment, TERM: 'xterm' }, columns: 200, rows: 220 });
    await emacs.waitFor('[eglot] Connected!');
    await workshop.opened('tour.py');
  });
  afterAll(async () => {
    await emacs.close();
    await workshop.close();
  });

  it('runs a cell by a key, and shows what follows from it as hints that follow the run', async () => {
    expect(await runTour()).toContain('8 planets, from Mercury to Neptune');
  });

  it('opens a whole output in another window', async () => {
    await runTour();
    await find('planets, from');
    await emacs.press('C-c', 'o');
    await emacs.waitFor((screen) => screen.split('8 planets, from Mercury to Neptune').length === 3);
  });

  /** Once: while a cell runs again, it has no output to be opened, and the screen still shows that of before. */
  async function runTour(): Promise<string> {
    const last = 'A year on Ceres, by the law: 4.6 of ours';
    const screen = await emacs.screen();
    if (screen.includes(last)) return screen;
    await find('planet_count');
    await emacs.press('C-c', 'r');
    return emacs.waitFor(last);
  }

  async function find(text: string): Promise<void> {
    await emacs.press('M-<', 'C-s');
    await emacs.type(text);
    await emacs.press('Enter');
  }
});
