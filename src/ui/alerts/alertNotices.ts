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
  const look = async (core: Core) => {
    const input = handle.viewInput();
    if (!input) return;
    const memory: AlertMemory = {
      everywhere: core.ledger,
      here,
      claim: what => core.ledger.acquireLease(`alert ${what}`, holder, Date.now(), claimMs),
    };
    const { standIn, blocked, alerts } = newNotices(input, memory, {
      workspace: core.payerWatch.workspace,
      tellsBlocked: vscode.workspace.getConfiguration().get<boolean>(settings.noticesBlocked, true),
      isQuiet: vscode.debug.activeDebugSession !== undefined,
    });
    await Promise.all([
      ...(standIn === undefined ? [] : [showStandIn(standIn)]),
      ...blocked.map(notice => showBlocked(handle, notice)),
      ...alerts.map(notice => showAlert(handle, memory, notice)),
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
  handle: CoreHandle,
  memory: AlertMemory,
  { state, news }: AlertNotice,
): Promise<void> {
  if (news === 'back') {
    await notify(vscode.window.showInformationMessage, state.backSentence ?? '', {});
    return;
  }
  const show =
    state.label === undefined ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  await notify(show, state.sentence, {
    ...Object.fromEntries(state.actions.map(action => [action.label, () => runAction(action)])),
    ...snoozeButton(handle, memory, state),
    [l10n.t('Don’t show again')]: () => setUserSetting(settings.mutedLimits, [...mutedLimits(), state.id]),
  });
}

/** `Not until Dec 1`; none where nothing more can be told, or no reset is known. */
function snoozeButton(handle: CoreHandle, memory: AlertMemory, { id, level, resetsAt }: LimitState) {
  if (level === 'gone' || resetsAt === undefined) return {};
  const label = l10n.t('Not until {0}', utcDayText(resetsAt, vscode.env.language));
  return {
    [label]: () => {
      const input = handle.viewInput();
      if (input) snooze(id, input, memory);
    },
  };
}
