import * as vscode from 'vscode';
import { refusalScheme } from './contributions.ts';
import { type CoreHandle, later } from './core.ts';

/** Serves the documents of refusals, and keeps those that are open as new as the tree. */
export function registerRefusalDocuments(core: CoreHandle): vscode.Disposable {
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const textOf = async ({ query }: vscode.Uri) => (await later()).refusalText(core, query);
  const follow = async () => {
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.scheme !== refusalScheme || document.isClosed) continue;
      if ((await textOf(document.uri)) !== document.getText()) changes.fire(document.uri);
    }
  };
  return vscode.Disposable.from(
    changes,
    vscode.workspace.registerTextDocumentContentProvider(refusalScheme, {
      onDidChange: changes.event,
      provideTextDocumentContent: textOf,
    }),
    // a core that did not start has said so itself
    core.onDidChange(() => void follow().catch(() => undefined)),
  );
}
