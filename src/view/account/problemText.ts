import * as l10n from '@vscode/l10n';
import type { Problem } from '../../account/snapshot.ts';
import { type Action, refreshAction, showLogAction, signInAction } from '../action.ts';
import { commands } from '../contributions.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { clockText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { type NamedPart, partLabel } from './parts.ts';

export interface ProblemText {
  /** Plain text: what happened, what became of the value, what to do. */
  readonly sentence: string;
  readonly action?: Action;
}

/** The text for a part whose refresh failed. */
export function problemText(problem: Problem, named: NamedPart, input: ViewInput): ProblemText {
  const { what, next, action } = describe(problem, named, input);
  const kept =
    named.value === undefined ? l10n.t('Nothing is known yet.') : l10n.t('The last value is kept.');
  const sentence = l10n.t('{0} could not be refreshed: {1} {2} {3}', partLabel(named), what, kept, next);
  return action ? { sentence, action } : { sentence };
}

interface Description {
  readonly what: string;
  readonly next: string;
  readonly action?: Action;
}

function describe(problem: Problem, named: NamedPart, input: ViewInput): Description {
  const action = refreshAction();
  const waits = { next: triesAgain(problem, input), action };
  const checkNetwork = { next: l10n.t('Check the network, the VPN and the proxy.'), action };
  const guestNetwork = {
    next: l10n.t(
      'On a guest network, sign in to the network in a browser. Otherwise a proxy answers in place of Hugging Face.',
    ),
    action,
  };
  switch (problem.kind) {
    case 'invalid-token':
      return {
        what: l10n.t('Hugging Face rejects the token: it was revoked, expired, or was not copied whole.'),
        next: l10n.t('Sign in again.'),
        action: signInAction(l10n.t('Sign in again')),
      };
    case 'missing-permission':
      return { what: missingPermission(named), ...otherToken(named) };
    case 'payment-required':
      return {
        what: l10n.t('Hugging Face asks for credits or a payment method first.'),
        next: l10n.t('Add one on the billing page.'),
        action: { label: l10n.t('Open billing page'), command: commands.openBilling },
      };
    case 'rate-limited':
      return {
        what: l10n.t('Hugging Face got too many requests from here and asks to wait.'),
        next: triesAgain(problem, input),
      };
    case 'not-found':
      return {
        what: l10n.t('Hugging Face does not know this address (404).'),
        next: l10n.t('Update Headroom, and check the server addresses in the settings.'),
        action: showLogAction(),
      };
    case 'server-error':
      return {
        what: l10n.t('Hugging Face has trouble ({0}).', problem.status ?? l10n.t('server error')),
        next: triesAgain(problem, input),
        action: { label: l10n.t('Open status page'), url: pages.status },
      };
    case 'rejected':
      return { what: rejected(problem), next: l10n.t('The log has the details.'), action: showLogAction() };
    case 'redirected':
      return {
        what: l10n.t('The request was redirected; Headroom did not send the token there.'),
        ...guestNetwork,
      };
    case 'not-json':
      return { what: l10n.t('A web page came back where data was expected.'), ...guestNetwork };
    case 'format-changed': {
      const field = oneLine(problem.field ?? '?', 80);
      return {
        what: l10n.t('Headroom does not understand Hugging Face’s answer ({0}).', field),
        next: l10n.t('Update Headroom.'),
        action: showLogAction(),
      };
    }
    case 'too-large':
      return { what: l10n.t('The answer is larger than any from Hugging Face.'), ...waits };
    case 'truncated':
      return { what: l10n.t('The connection broke off during the answer.'), ...waits };
    case 'timeout':
      return { what: l10n.t('No answer came in time.'), ...waits };
    case 'aborted':
      return { what: l10n.t('The request was cancelled.'), ...waits };
    case 'dns':
      return { what: l10n.t('The name of the server was not found{0}.', code(problem)), ...checkNetwork };
    case 'unreachable':
      return { what: l10n.t('The server can’t be reached{0}.', code(problem)), ...checkNetwork };
    case 'tls':
      return {
        what: l10n.t(
          'The connection is not trusted{0}: a proxy on the way, such as a company’s, uses its own certificate. The token was not sent.',
          code(problem),
        ),
        next: l10n.t(
          'Add that certificate to the operating system’s trusted ones, or ask the network’s admin.',
        ),
        action: showLogAction(),
      };
  }
}

function otherToken({ kind }: NamedPart): Omit<Description, 'what'> {
  if (kind !== 'endpoints' && kind !== 'hardware') {
    return {
      next: l10n.t('Make one that can: the page opens with the right boxes ticked.'),
      action: { label: l10n.t('Make one that can'), command: commands.makeToken },
    };
  }
  return {
    next: l10n.t(
      'It needs a member’s rights and, if fine-grained, inference.endpoints.write, which can also start and stop endpoints.',
    ),
    action: { label: l10n.t('Open token page'), url: pages.tokens },
  };
}

function missingPermission({ kind, of = '' }: NamedPart): string {
  const owner = oneLine(of, 60);
  switch (kind) {
    case 'credits':
    case 'jobs':
    case 'gauges':
      return l10n.t('This token may not read billing.');
    case 'organizationCredits':
      return l10n.t('This token may not read the billing of {0}; only its admins can.', owner);
    case 'endpoints':
    case 'hardware':
      return l10n.t('This token may not read the Inference Endpoints of {0}.', owner);
    case 'account':
    case 'zeroGpu':
      return l10n.t('This token may not read this.');
  }
}

function rejected({ status, words }: Problem): string {
  if (words) return l10n.t('Hugging Face refused: “{0}”.', oneLine(words, 200));
  return status === undefined
    ? l10n.t('Hugging Face refused.')
    : l10n.t('Hugging Face refused ({0}).', status);
}

function triesAgain({ retryAt = 0, nextTryAt }: Problem, input: ViewInput): string {
  const at = Math.max(retryAt, nextTryAt);
  return at > input.now
    ? l10n.t('Headroom tries again at {0}.', clockText(at, input))
    : l10n.t('Headroom tries again by itself.');
}

function code(problem: Problem): string {
  return problem.code ? ` (${oneLine(problem.code, 60)})` : '';
}
