import * as l10n from '@vscode/l10n';
import { shownHeld, waitingOf } from '../account/heldRequests.ts';
import { spokenWaiting, waitingText } from '../account/heldText.ts';
import type { FaceInput } from '../viewInput.ts';
import { besidePayer } from './payerStatus.ts';
import type { StatusBarModel } from './statusBarModel.ts';

/**
 * What the status bar says while requests wait in the gateway. It stands before a limit that is full, since it tells
 * more: who waits there, and that nobody has to do anything.
 */
export function waitingStatus(input: FaceInput): StatusBarModel | undefined {
  const { options, payer, now, locale } = input;
  const waiting = waitingOf(shownHeld(options.held, now), now);
  if (!waiting) return undefined;
  const model: StatusBarModel = {
    kind: 'waiting',
    text: `$(watch) ${waitingText(waiting, now, locale)}`,
    accessibilityLabel: l10n.t('Hugging Face: {0}', spokenWaiting(waiting, now, locale)),
  };
  // a wait that comes and goes does not take away the mark of who stands in
  return { ...besidePayer(model, input), ...(payer.standIn && { background: 'warning' }) };
}
