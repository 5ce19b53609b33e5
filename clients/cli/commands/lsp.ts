import { Command } from 'commander';

const help = `
Editors start this themselves; their set-up is in the README.

Example (Helix, languages.toml):
  [language-server.headwater]
  command = "headwater"
  args = ["lsp"]`;

export function lspCommand(): Command {
  return new Command('lsp')
    .summary('the language server, for editors')
    .description('Serve the Language Server Protocol on standard input and output.')
    .option('--stdio', 'accepted for editors that pass it; there is no other way')
    .addHelpText('after', help)
    .action(async () => {
      const { startLanguageServer } = await import('../../../lsp/server.ts');
      await startLanguageServer();
    });
}
