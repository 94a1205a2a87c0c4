import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DashboardState, MessageFromPage, MessageToPage } from '../../view/dashboard/dashboardState.ts';
import { panelsAsCsv, panelsAsJson } from '../../view/dashboard/tableExport.ts';

type Export = Extract<MessageFromPage, { kind: 'export' | 'export-png' }>;

/** Asks where to save an export and writes it. The page shows the result; undefined: the user cancelled. */
export async function saveExport(message: Export, state: DashboardState): Promise<MessageToPage | undefined> {
  const extension = message.kind === 'export' ? message.format : 'png';
  const day = new Date(state.now).toISOString().slice(0, 10);
  const place = await vscode.window.showSaveDialog({
    defaultUri: defaultPlace(`headroom-${message.panel ?? 'dashboard'}-${day}.${extension}`),
    filters: { [extension.toUpperCase()]: [extension] },
  });
  if (!place) return;
  try {
    await vscode.workspace.fs.writeFile(place, content(message, state));
    return { kind: 'exported', message: l10n.t('Saved: {0}', vscode.workspace.asRelativePath(place)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message: l10n.t('Nothing was saved: {0}', reason) };
  }
}

function content(message: Export, { panels }: DashboardState): Uint8Array {
  if (message.kind === 'export-png') return Buffer.from(message.data, 'base64');
  const chosen = panels.filter(({ id }) => message.panel === undefined || id === message.panel);
  const text = message.format === 'csv' ? panelsAsCsv(chosen) : panelsAsJson(chosen);
  return new TextEncoder().encode(text);
}

function defaultPlace(name: string): vscode.Uri | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder && vscode.Uri.joinPath(folder, name);
}
