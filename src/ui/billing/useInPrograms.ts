import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { anyFamily } from '../../gateway/programVariables.ts';
import { payerName } from '../../view/billing/payerText.ts';
import { canWriteSnippet } from '../../view/billing/snippets.ts';
import { commands, settings } from '../../view/contributions.ts';
import { focusEditor } from '../core/focusEditor.ts';
import { type PickItem, pick } from '../core/pick.ts';
import { chosenFamilies, setUserSetting } from '../core/settings.ts';
import type { Core } from '../core/startCore.ts';

/** The last step of a switch: how programs follow it. None when all new terminals do. */
export async function useInPrograms({ payerWatch, service }: Core): Promise<void> {
  if (anyFamily(chosenFamilies())) return;
  const command = (id: string) => async () => void (await vscode.commands.executeCommand(id));
  const items: PickItem<() => Promise<void>>[] = [
    { label: l10n.t('New terminal with Headroom'), icon: 'terminal', value: command(commands.newTerminal) },
    { label: l10n.t('Use in all new terminals'), icon: 'terminal-bash', value: useInAllTerminals },
    ...(canWriteSnippet({ profile: payerWatch.payer.chosen })
      ? [{ label: l10n.t('Copy a snippet'), icon: 'code', value: command(commands.copySnippet) }]
      : []),
    { label: l10n.t('Done'), icon: 'check', value: async () => undefined },
  ];
  const name = payerName(payerWatch.payer.chosen, service.snapshot.account.value);
  const run = await pick(items, {
    title: l10n.t('Bills {0} from now on', name),
    placeHolder: l10n.t('This counts for programs that use Headroom'),
  });
  // closed: another picker may be open, which loses the focus
  if (!run) return;
  await focusEditor();
  await run();
}

async function useInAllTerminals(): Promise<void> {
  const families = [
    settings.environmentOpenai,
    settings.environmentAnthropic,
    settings.environmentHuggingface,
  ];
  for (const family of families) await setUserSetting(family, true);
}
