import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { messageOf } from '../../limits/messageOf.ts';
import { printableHtml } from '../../view/dashboard/dashboardHtml.ts';
import type { DashboardState, MessageFromPage, MessageToPage } from '../../view/dashboard/dashboardState.ts';
import { panelsAsCsv, panelsAsJson } from '../../view/dashboard/tableExport.ts';

type Export = Extract<MessageFromPage, { kind: 'export' | 'export-page' | 'export-png' }>;

/** Asks where to save an export and writes it. The page shows the result; undefined: the user cancelled. */
export async function saveExport(
  message: Export,
  state: DashboardState,
  styleSheet: vscode.Uri,
): Promise<MessageToPage | undefined> {
  const extension = extensionOf(message);
  const day = new Date(state.now).toISOString().slice(0, 10);
  const panel = (message.kind !== 'export-page' && message.panel) || 'dashboard';
  const place = await vscode.window.showSaveDialog({
    defaultUri: defaultPlace(`headroom-${panel}-${day}.${extension}`),
    filters: { [extension.toUpperCase()]: [extension] },
  });
  if (!place) return;
  try {
    await vscode.workspace.fs.writeFile(place, await content(message, state, styleSheet));
    const file = vscode.workspace.asRelativePath(place);
    const saved =
      message.kind === 'export-page'
        ? l10n.t('Saved: {0}. Open it in a browser to print it.', file)
        : l10n.t('Saved: {0}', file);
    return { kind: 'exported', message: saved };
  } catch (error) {
    const reason = messageOf(error);
    return { kind: 'failed', message: l10n.t('Nothing was saved: {0}', reason) };
  }
}

function extensionOf(message: Export): string {
  switch (message.kind) {
    case 'export':
      return message.format;
    case 'export-page':
      return 'html';
    case 'export-png':
      return 'png';
  }
}

async function content(
  message: Export,
  { panels, locale, title }: DashboardState,
  styleSheet: vscode.Uri,
): Promise<Uint8Array> {
  switch (message.kind) {
    case 'export': {
      const chosen = panels.filter(({ id }) => message.panel === undefined || id === message.panel);
      return Buffer.from(message.format === 'csv' ? panelsAsCsv(chosen) : panelsAsJson(chosen));
    }
    case 'export-page': {
      const css = Buffer.from(await vscode.workspace.fs.readFile(styleSheet)).toString();
      return Buffer.from(printableHtml(message, css, locale, `Headroom: ${title}`));
    }
    case 'export-png':
      return Buffer.from(message.data, 'base64');
  }
}

function defaultPlace(name: string): vscode.Uri | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder && vscode.Uri.joinPath(folder, name);
}
