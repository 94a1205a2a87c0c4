import * as vscode from 'vscode';
import { refusalScheme } from '../../view/contributions.ts';
import { totalOf } from '../../view/refusals/refusalGroups.ts';
import { later } from '../commands.ts';
import type { CoreHandle } from '../core/coreHandle.ts';

/** Provides the documents of refusals, and updates open ones when refusals change or end. */
export function registerRefusalDocuments(core: CoreHandle): vscode.Disposable {
  const changes = new vscode.EventEmitter<vscode.Uri>();
  let known = '';
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
    core.onDidChange(({ snapshot }) => {
      const now = Date.now();
      const { refusals } = snapshot;
      const lasting = refusals.filter(({ resetsAt = 0 }) => resetsAt > now).length;
      const state = [
        refusals.length,
        totalOf(refusals),
        refusals[0]?.at,
        refusals.at(-1)?.at,
        lasting,
      ].join();
      if (state === known) return;
      known = state;
      // a core that did not start has logged it
      void follow().catch(() => undefined);
    }),
  );
}
