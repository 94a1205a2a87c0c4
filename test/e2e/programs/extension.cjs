// Another extension in Headroom's extension host: its fetch, debugger and notebook kernel meet refusals.
const vscode = require('vscode');
const { ProgramAdapter } = require('./debugAdapter.cjs');
const { readNotebook, startKernel } = require('./kernel.cjs');

exports.activate = ({ subscriptions }) => {
  subscriptions.push(
    vscode.commands.registerCommand('programs.readFile', readFile),
    vscode.debug.registerDebugAdapterDescriptorFactory('programs', {
      createDebugAdapterDescriptor: () => new vscode.DebugAdapterInlineImplementation(new ProgramAdapter()),
    }),
    vscode.workspace.registerNotebookSerializer('jupyter-notebook', {
      deserializeNotebook: readNotebook,
      serializeNotebook: () => new Uint8Array(),
    }),
    startKernel(),
  );
};

/** Reads a model's file with `fetch` and the user's token. */
async function readFile() {
  const hub = vscode.workspace.getConfiguration('headroom').get('hubUrl');
  const headers = { authorization: `Bearer ${process.env.HF_TOKEN}` };
  const response = await fetch(`${hub}/acme/Model-7B/resolve/main/config.json`, { headers });
  const text = await response.text();
  void vscode.window.showInformationMessage(`Status ${response.status}: ${text.length} characters`);
}
