import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { LimitState } from '../../view/alerts/limitState.ts';
import { type AlertMemory, type AlertNotice, snooze } from '../../view/alerts/newAlerts.ts';
import { newNotices } from '../../view/alerts/newNotices.ts';
import type { Told } from '../../view/alerts/toldLevel.ts';
import { settings } from '../../view/contributions.ts';
import { utcDayText } from '../../view/text/times.ts';
import { showStandIn } from '../billing/billingNotices.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import { runAction } from '../core/runAction.ts';
import { mutedLimits, setUserSetting } from '../core/settings.ts';
import type { Core } from '../core/startCore.ts';
import { showBlocked } from '../refusals/blockedNotices.ts';

/** A refusal waits for its stand-in, and nothing may change until then. */
const lookAgainMs = 25_000;
/** Longer than windows differ in when they see a reading. */
const claimMs = 60_000;

/**
 * Tells of limits and money: one notice for one event, in one of all windows. Limits wait while a program is debugged.
 * In Zen mode VS Code itself keeps notices back in the bell; no extension can read that mode.
 */
export function startAlertNotices(handle: CoreHandle, log: vscode.LogOutputChannel): vscode.Disposable {
  const here = new Map<string, Told>();
  const holder = randomUUID();
  let again: NodeJS.Timeout | undefined;
  const memoryOf = ({ ledger }: Core): AlertMemory => ({
    everywhere: ledger,
    here,
    claim: what => ledger.acquireLease(`alert ${what}`, holder, Date.now(), claimMs),
  });
  const snoozeLimit = async (id: string) => {
    const core = await handle.get(); // another one, if the settings changed since
    const input = handle.viewInput();
    if (input) snooze(id, input, memoryOf(core));
  };
  const look = async (core: Core) => {
    const input = handle.viewInput();
    if (!input) return;
    const { standIn, blocked, alerts } = newNotices(input, memoryOf(core), {
      workspace: core.payerWatch.workspace,
      tellsBlocked: vscode.workspace.getConfiguration().get<boolean>(settings.noticesBlocked, true),
      isQuiet: vscode.debug.activeDebugSession !== undefined,
    });
    await Promise.all([
      ...(standIn === undefined ? [] : [showStandIn(standIn)]),
      ...blocked.map(notice => showBlocked(handle, notice)),
      ...alerts.map(notice => showAlert(notice, snoozeLimit)),
    ]);
  };
  const lookAgain = () => {
    clearTimeout(again);
    const attempt = async () => await look(await handle.get());
    attempt().catch((error: unknown) => log.warn(`A notice failed: ${String(error)}`));
  };
  return vscode.Disposable.from(
    handle.follow(async (_input, core) => {
      clearTimeout(again);
      again = setTimeout(lookAgain, lookAgainMs);
      await look(core);
    }),
    vscode.debug.onDidTerminateDebugSession(lookAgain),
    new vscode.Disposable(() => clearTimeout(again)),
  );
}

async function showAlert(
  { state, news }: AlertNotice,
  snoozeLimit: (id: string) => Promise<void>,
): Promise<void> {
  const { sentence, backSentence = '', label, actions, id } = state;
  if (news === 'back') return await notify(vscode.window.showInformationMessage, backSentence, {});
  const show = label === undefined ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const until = snoozeLabel(state);
  await notify(show, sentence, {
    ...Object.fromEntries(actions.map(action => [action.label, () => runAction(action)])),
    ...(until !== undefined && { [until]: () => snoozeLimit(id) }),
    [l10n.t('Don’t show again')]: () => setUserSetting(settings.mutedLimits, [...mutedLimits(), id]),
  });
}

/** `Not until Dec 1`; undefined where nothing more can be told, or no reset is known. */
function snoozeLabel({ level, resetsAt, isDaily }: LimitState): string | undefined {
  if (isDaily) return l10n.t('Not today');
  if (level === 'gone' || resetsAt === undefined) return undefined;
  return l10n.t('Not until {0}', utcDayText(resetsAt, vscode.env.language));
}
