import * as l10n from '@vscode/l10n';
import { parseProfile, personalProfile } from '../../billing/profile.ts';
import { publishedWindowLimit } from '../../limits/account/publishedLimits.ts';
import { formatSpan } from '../../limits/headers/duration.ts';
import { budgetScopes } from '../../limits/refusals/ownBudget.ts';
import { lastOf, type Refusal, type RefusalCause } from '../../limits/refusals/refusal.ts';
import { settlingMs } from '../../limits/refusals/unsettled.ts';
import { countedAsVisitor, readGpuCall } from '../../limits/refusals/zeroGpuCall.ts';
import { isOfHubWindow, shortModel } from '../account/blockingLimit.ts';
import { spendLimitSentence } from '../account/endpointStateText.ts';
import { type HeldMoney, heldMoney, heldMoneySentence } from '../account/heldMoney.ts';
import { creditsUsedUpSentence } from '../account/usedUpText.ts';
import { hubBucketName, limitName } from '../account/windows.ts';
import { formatCount } from '../text/counts.ts';
import { oneLine } from '../text/plainText.ts';
import { clockText, clockWithSeconds, countsDownMs, spanInWords } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { limitedModel } from './refusalGroups.ts';
import { causeLabel, isOfEndpoint } from './refusalLabels.ts';

/** A refusal in one line: the limit and its owner. Plain text. */
export function refusalTitle(refusal: Refusal, locale: string): string {
  const { cause, by, scope = '', limit, windowSeconds, status } = refusal;
  const owner = refuser(by);
  const what = limitName(scope);
  const size = limit === undefined ? '' : formatCount(limit, locale);
  switch (cause) {
    case 'rate':
      if (isOfHubWindow(refusal)) {
        const name =
          scope === 'anonymous' ? l10n.t('Hub, without a token') : l10n.t('{0} window', hubBucketName(what));
        if (size === '') return name;
        return windowSeconds === undefined
          ? l10n.t('{0}, {1}', name, size)
          : l10n.t('{0}, {1} / {2}', name, size, formatSpan(windowSeconds, locale));
      }
      return named(owner, what || l10n.t('requests'), size);
    case 'tokens':
      return named(owner, what || l10n.t('tokens'), size);
    case 'concurrency':
      return named(owner, what || l10n.t('requests at once'), size);
    case 'quota':
      return named(owner, what || l10n.t('quota'), size);
    case 'credits':
      return l10n.t('{0}: credits used up', owner);
    case 'unsettled':
      return l10n.t('{0}: credits held by open requests', owner);
    case 'spending-limit':
      if (isOfEndpoint(refusal)) return l10n.t('{0}: spending limit of a resource group reached', owner);
      return by === 'headroom'
        ? l10n.t('Headroom: {0}, used up', ownBudgetName(refusal))
        : l10n.t('{0}: spending limit reached', owner);
    case 'plan':
      return what === ''
        ? l10n.t('{0}: not in the plan', owner)
        : l10n.t('{0}: {1}, not in the plan', owner, what);
    case 'capacity':
      return l10n.t('{0}: overloaded', owner);
    case 'unknown':
      return l10n.t('{0}: refused with {1}', owner, status);
  }
}

/** The limit in two to four words: `groq tokens per minute`, `Hub downloads`, `Llama-3.1-8B capacity`. Plain text. */
export function refusalName(refusal: Refusal, nameOf = limitName): string {
  const { cause, by, scope = '', status } = refusal;
  if (by === 'headroom') return ownBudgetName(refusal);
  if (cause === 'rate' && isOfHubWindow(refusal)) {
    return scope === 'anonymous' ? l10n.t('Hub, without a token') : hubBucketName(scope);
  }
  const model = limitedModel(refusal);
  const provider = by === 'huggingface' || by === 'unknown' ? '' : oneLine(by, 24);
  const owner = model === undefined ? provider : shortModel(model);
  const what = (shortNames[cause]?.(status) ?? nameOf(scope)) || causeLabel(cause);
  return owner === '' ? what : `${owner} ${what}`;
}

/** Which of the user's own budgets is used up. */
function ownBudgetName({ scope }: Refusal): string {
  if (scope === budgetScopes.run) return l10n.t('cap of the run');
  return scope === budgetScopes.folder ? l10n.t('budget of the folder') : l10n.t('your budget');
}

function budgetSentence({ scope }: Refusal): string {
  if (scope === budgetScopes.run) return l10n.t('The cap of this run is used up. Nothing was sent.');
  return scope === budgetScopes.folder
    ? l10n.t('The budget that you set for the folder is used up. Nothing was sent.')
    : l10n.t('Your own budget is used up. Nothing was sent.');
}

/** Of causes whose scope is not the limit's name. */
const shortNames: Partial<Record<RefusalCause, (status: number) => string>> = {
  credits: () => causeLabel('credits'),
  unsettled: () => l10n.t('credits held'),
  'spending-limit': () => causeLabel('spending-limit'),
  capacity: () => causeLabel('capacity'),
  unknown: status => l10n.t('refused with {0}', status),
};

/** The name of the server that refused, to begin a sentence with. */
export function refuser(by: string): string {
  if (by === 'unknown') return l10n.t('The server');
  if (by === 'headroom') return 'Headroom';
  return by === 'huggingface' ? 'Hugging Face' : oneLine(by, 40);
}

function named(owner: string, what: string, size: string): string {
  return size === '' ? l10n.t('{0}: {1}', owner, what) : l10n.t('{0}: {1}, {2}', owner, what, size);
}

/** `over`, `until 14:05:12`; undefined: the server gave no end. */
export function refusalEnd({ resetsAt }: Refusal, input: ViewInput): string | undefined {
  if (resetsAt === undefined) return undefined;
  return resetsAt <= input.now ? l10n.t('over') : l10n.t('until {0}', endText(resetsAt, input));
}

/** While other views count down, with the same second. */
export function endText(resetsAt: number, input: ViewInput): string {
  return resetsAt > input.now && resetsAt - input.now < countsDownMs
    ? clockWithSeconds(resetsAt, input)
    : clockText(resetsAt, input);
}

/** What happened and when it ends, in sentences. Plain text, with the server's words in it. */
export function refusalSentence(refusal: Refusal, input: ViewInput): string {
  return [happened(refusal, input), ended(refusal, input)].filter(Boolean).join(' ');
}

function happened(refusal: Refusal, input: ViewInput): string {
  const { locale } = input;
  const { cause, by, scope, status, message, billedTo } = refusal;
  const owner = refuser(by);
  const what = limitName(scope ?? '');
  switch (cause) {
    case 'rate':
      return (
        (isOfHubWindow(refusal) && hubSentence(refusal, locale)) ||
        l10n.t('{0} has had too many requests from here in a short time.', owner)
      );
    case 'tokens':
      return status === 413
        ? l10n.t('{0} accepts no request as large as this one. Waiting does not help.', owner)
        : l10n.t('{0} has had too many tokens from here in a short time.', owner);
    case 'concurrency':
      return l10n.t('{0} has had too many requests at once.', owner);
    case 'credits':
      if (by !== 'huggingface') {
        return l10n.t(
          '{0} has no credits left for the account there; those at Hugging Face do not count.',
          owner,
        );
      }
      return scope === undefined || scope === 'Jobs'
        ? l10n.t('This is paid from credits, and none are left.')
        : creditsUsedUpSentence(parseProfile(billedTo ?? '') ?? personalProfile, lastOf(refusal), input);
    case 'unsettled':
      return heldMoneySentence(heldOf(refusal, input), locale);
    case 'spending-limit':
      if (by === 'headroom') return budgetSentence(refusal);
      if (isOfEndpoint(refusal)) return spendLimitSentence();
      return by === 'huggingface'
        ? l10n.t('The spending limit that its admins set is reached. Only they can raise it.')
        : l10n.t('{0} has an unpaid invoice for the account there, or its spending limit is reached.', owner);
    case 'quota':
      return quotaSentence(refusal, owner, what);
    case 'plan':
      return l10n.t('The account’s plan does not include this. Neither credits nor waiting help.');
    case 'capacity':
      return l10n.t('{0} is overloaded. This is no limit of your account.', owner);
    case 'unknown':
      return message === ''
        ? l10n.t('{0} refused with {1} and gave no reason.', owner, status)
        : l10n.t('{0} refused with {1}. Its words: “{2}”.', owner, status, oneLine(message, 300));
  }
}

/** Epoch ms at which the money is usually free again. */
export function heldUntil(refusal: Refusal, input: ViewInput): number {
  return heldOf(refusal, input)?.until ?? lastOf(refusal) + settlingMs;
}

/** What is held now, if the refusal is its payer's last one. */
function heldOf({ billedTo = 'personal' }: Refusal, input: ViewInput): HeldMoney | undefined {
  const payer = parseProfile(billedTo);
  return payer && heldMoney(payer, input);
}

function hubSentence({ scope = '', limit, windowSeconds }: Refusal, locale: string): string | undefined {
  if (scope === 'anonymous') {
    return l10n.t('This request carried no token: anonymous limits are shared by everyone behind your IP.');
  }
  if (scope === 'whoami-v2') {
    return l10n.t('Hugging Face limits whoami strictly and by IP, whatever the token.');
  }
  if (limit === undefined || windowSeconds === undefined) return undefined;
  const bucket = oneLine(scope, 60);
  const window = l10n.t(
    'The Hub’s {0} window is full: {1} requests in {2}.',
    bucket,
    formatCount(limit, locale),
    spanInWords(windowSeconds, locale),
  );
  return `${window}${higherTiers(bucket, limit, locale)}`;
}

function quotaSentence({ scope, message }: Refusal, owner: string, what: string): string {
  switch (scope) {
    case 'pay-as-you-go':
      return l10n.t('{0} can’t be billed through Hugging Face yet, so credits do not help.', owner);
    case 'disabled provider':
      return l10n.t('The organization’s admins have disabled this provider.');
    case 'private storage':
      return l10n.t('The account’s private storage is full. Waiting does not help.');
    case 'storage':
      return l10n.t('Hugging Face stores no more for this account until it has reviewed it.');
    case 'Inference Endpoints':
      return l10n.t(
        'The quota of Inference Endpoints is used up. Endpoints scaled to zero count, paused ones do not.',
      );
    case 'ZeroGPU':
      return gpuSentence(message);
    case 'ZeroGPU duration':
      return l10n.t('The call asks for more ZeroGPU time than any call may take.');
    default:
      return l10n.t('{0}’s quota is used up: {1}.', owner, what || l10n.t('not named'));
  }
}

function gpuSentence(message: string): string {
  const call = readGpuCall(message);
  const seconds = call
    ? l10n.t(
        'A ZeroGPU call reserves its time before it runs: {0} s were asked for, {1} s are left.',
        call.requestedSeconds,
        call.leftSeconds,
      )
    : l10n.t('A ZeroGPU call reserves its time before it runs: less than that is left.');
  return countedAsVisitor(message)
    ? `${seconds} ${l10n.t('It came without a token, so it was counted as a visitor’s.')}`
    : seconds;
}

function higherTiers(bucket: string, limit: number, locale: string): string {
  const pro = publishedWindowLimit('pro', bucket);
  const team = publishedWindowLimit('team', bucket);
  if (pro === undefined || team === undefined || limit >= team) return '';
  const teamAllows = formatCount(team, locale);
  return limit < pro
    ? ` ${l10n.t('PRO allows {0}, Team {1}.', formatCount(pro, locale), teamAllows)}`
    : ` ${l10n.t('Team allows {0}.', teamAllows)}`;
}

function ended({ resetsAt, cause }: Refusal, input: ViewInput): string {
  if (resetsAt === undefined) {
    return cause === 'unknown' || cause === 'rate' || cause === 'tokens'
      ? l10n.t('The server did not say when it opens again.')
      : '';
  }
  const when = endText(resetsAt, input);
  return resetsAt <= input.now
    ? l10n.t('It opened again at {0}.', when)
    : l10n.t('It opens again at {0}.', when);
}
