import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { refusalDocument } from '../../view/refusals/refusalDocument.ts';
import { groupRefusals } from '../../view/refusals/refusalGroups.ts';
import type { ViewInput } from '../../view/viewInput.ts';
import { readPrinted } from '../../watch/readPrinted.ts';
import { serverNames } from '../../watch/serverNames.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { showRefusalDocument } from './showRefusalDocument.ts';

/** A longer text is no error message: its end is enough. */
const mostRead = 262_144;
/** Explained texts of this session, by the query of their documents. */
const explained = new Map<string, readonly Refusal[]>();
const mostExplained = 20;

/** Explains the refusals in the selection, else in the clipboard, in a document. Records nothing. */
export async function explainText(core: CoreHandle): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor?.document.getText(editor.selection) ?? '';
  const text = selected.trim() === '' ? await vscode.env.clipboard.readText() : selected;
  const { servers } = await core.get();
  const names = serverNames(servers());
  const refusals = readPrinted(text.slice(-mostRead), { source: 'terminal' }, names, Date.now());
  if (refusals.length === 0) {
    void vscode.window.showInformationMessage(
      selected.trim() === ''
        ? l10n.t('Neither a selection nor the clipboard has a refusal because of a limit.')
        : l10n.t('The selection has no refusal because of a limit.'),
    );
    return;
  }
  const query = `explained=${Date.now()}`;
  explained.set(query, refusals);
  for (const oldest of explained.keys()) if (explained.size > mostExplained) explained.delete(oldest);
  await showRefusalDocument(`/${l10n.t('Explained refusal')}.md`, query);
}

/** Text of the document that a URI's query names; undefined: of another document. */
export function explainedText(query: string, input: ViewInput): string | undefined {
  const refusals = explained.get(query);
  if (!refusals) return undefined;
  const documents = groupRefusals(refusals).map(group => refusalDocument(group.newest, group, input));
  return documents.join('\n---\n\n');
}
