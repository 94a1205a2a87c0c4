import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { refusalSentence } from '../../view/refusals/refusalText.ts';
import { remedyTexts } from '../../view/refusals/remedyText.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { pick } from '../core/pick.ts';
import { runAction } from '../core/runAction.ts';
import { copyRefusal } from './refusalCommands.ts';
import { activeRefusalTab } from './refusalTab.ts';

const secondMs = 1_000;
/** Bounds how many refusals of that second are looked at. */
const mostInSecond = 500;

/** Offers what can be done about the refusal whose document is shown. */
export async function helpWithRefusal(core: CoreHandle): Promise<void> {
  const tab = activeRefusalTab();
  const { ledger } = await core.get();
  const input = core.viewInput();
  const refusal =
    tab &&
    ledger
      .refusalsBetween(tab.at, tab.at + secondMs - 1, mostInSecond)
      .find(({ status }) => status === tab.status);
  if (!refusal || !input) {
    void vscode.window.showInformationMessage(l10n.t('Open a refusal first: its document has what to do.'));
    return;
  }
  const remedies = remedyTexts(refusal).flatMap(({ label, action }) =>
    action ? [{ label, value: () => runAction(action) }] : [],
  );
  const copy = { label: l10n.t('Copy as Markdown'), value: () => copyRefusal(core, [refusal]) };
  const run = await pick<() => unknown>([...remedies, copy], {
    title: l10n.t('What to do now'),
    placeHolder: refusalSentence(refusal, input),
  });
  await run?.();
}
