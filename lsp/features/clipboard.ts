/** LSP has no clipboard. Where the machine has a tool for it, that tool is used. */
import { spawn } from 'node:child_process';
import { clipboardMsMax } from '../limits.ts';

interface Tool {
  readonly command: string;
  readonly parameters: readonly string[];
}

/** Puts a text on the clipboard and names the tool that did; undefined when none could. */
export async function copyToClipboard(text: string, environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  for (const tool of toolsFor(environment)) {
    if (await runTool(tool, text, environment)) return tool.command;
  }
  return undefined;
}

/** Only tools whose display is there: without one they fail, or wait for it. */
function toolsFor(environment: NodeJS.ProcessEnv): readonly Tool[] {
  if (process.platform === 'darwin') return [{ command: 'pbcopy', parameters: [] }];
  return [
    ...(environment['WAYLAND_DISPLAY'] ? [{ command: 'wl-copy', parameters: [] }] : []),
    ...(environment['DISPLAY']
      ? [
          { command: 'xclip', parameters: ['-selection', 'clipboard'] },
          { command: 'xsel', parameters: ['--clipboard', '--input'] },
        ]
      : []),
  ];
}

/** The tools of X11 stay behind to serve the text; what they print is let go, so that nobody waits for it. */
function runTool({ command, parameters }: Tool, text: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, parameters, { env, stdio: ['pipe', 'ignore', 'ignore'], timeout: clipboardMsMax });
    child.on('error', () => resolve(false));
    child.on('exit', (status) => resolve(status === 0));
    child.stdin.on('error', () => resolve(false));
    child.stdin.end(text);
  });
}
