import * as l10n from '@vscode/l10n';
import { payingProfile } from '../../billing/profile.ts';
import { formatUsd } from '../../limits/account/money.ts';
import { creditsModel } from '../account/creditsModel.ts';
import { totalCostText } from '../account/endpointCostText.ts';
import { knownHardware } from '../account/knownHardware.ts';
import { byName, type NamedPart, namedParts, partLabel } from '../account/parts.ts';
import { problemText } from '../account/problemText.ts';
import { accountTitle } from '../billing/payerText.ts';
import { commands, focusLimits } from '../contributions.ts';
import { sessionProblemText } from '../signIn/sessionProblemText.ts';
import { joined, requestsText } from '../text/counts.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { shownPrice } from '../text/prices.ts';
import { spokenDuration } from '../text/spoken.ts';
import { costText } from '../tree/gatewayUseRow.ts';
import { actionLink, withAge } from '../tree/partRows.ts';
import type { ViewInput } from '../viewInput.ts';
import { otherAlerts } from './hoverAlerts.ts';
import { hoverNow } from './hoverNow.ts';
import { creditsLine, hoverPayer } from './hoverPayer.ts';

const mostProblems = 3;
/** A larger skew makes times from the two clocks inconsistent. */
const toleratedSkewMs = 120_000;

/**
 * The status bar's hover: Markdown with theme icons and links to `linkableCommands`. In blocks: the payer, what else
 * costs money, what is wrong now, and commands. What is fine is in the tree.
 * @param agesAt epoch ms at which the payer's age is right
 */
export function hoverMarkdown(input: ViewInput, agesAt = input.now): string {
  const isPayer = input.snapshot.session !== undefined || payingProfile(input.payer).kind !== 'personal';
  const blocks = [
    input.snapshot.session ? [] : [signedOut(input)],
    isPayer ? hoverPayer(input, agesAt) : [],
    [...account(input), ...today(input), ...endpoints(input)],
    [...hoverNow(input), ...otherAlerts(input), ...problems(input), ...footnotes(input)],
    isPayer ? [links(input)] : [],
  ];
  return blocks
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('  \n'))
    .join('\n\n---\n\n');
}

function signedOut({ snapshot }: ViewInput): string {
  if (snapshot.sessionProblem) {
    const { sentence, actions } = sessionProblemText(snapshot.sessionProblem);
    const links = actions.map(actionLink).join(' · ');
    return `**Hugging Face**\n\n$(warning) ${escapeMarkdown(sentence, 1000)}\n\n${links}`;
  }
  const invitation = l10n.t('Sign in to see your credits, rate limits, endpoints and ZeroGPU time.');
  return `**Hugging Face**\n\n${invitation}\n\n${commandLink(l10n.t('Sign in'), commands.signIn)}`;
}

/** `ada (your account) ▬▬ $0.98 left of $2.00`, while another payer is chosen. */
function account(input: ViewInput): string[] {
  const { session, account } = input.snapshot;
  if (!session || payingProfile(input.payer).kind === 'personal') return [];
  const credits = creditsModel(input);
  return [
    `**${escapeMarkdown(accountTitle(account.value))}** ${credits ? creditsLine(credits, input) : '–'}`,
  ];
}

/** `Today here about $0.07 · 41 requests`; nothing before the first one. */
function today({ today, locale }: ViewInput): string[] {
  if (!today || today.requests === 0) return [];
  const usd = formatUsd(today.costNanoUsd, locale);
  const facts = joined([costText(today, usd, locale), requestsText(today.requests, locale)]);
  return [`**${l10n.t('Today here')}** ${escapeMarkdown(facts)}`];
}

/** `Endpoints 2 running · $1.60/h`; nothing while none runs. */
function endpoints(input: ViewInput): string[] {
  const { snapshot, locale } = input;
  const parts = byName('endpoints', snapshot.endpoints);
  const all = parts.flatMap(({ value = [] }) => value);
  const running = all.filter(({ state }) => state === 'running').length;
  const cost = totalCostText(all, knownHardware(snapshot), locale, shownPrice);
  if (running === 0 && cost === undefined) return [];
  const facts = joined([l10n.t('{0} running', running), cost]);
  const [oldest] = parts
    .filter(({ asOf }) => asOf !== undefined)
    .sort((a, b) => (a.asOf ?? 0) - (b.asOf ?? 0));
  return [`**${l10n.t('Endpoints')}** ${escapeMarkdown(oldest ? withAge(facts, oldest, input) : facts)}`];
}

function links({ snapshot }: ViewInput): string {
  return [
    commandLink(l10n.t('Switch…'), commands.switchBilling),
    commandLink(l10n.t('New terminal'), commands.newTerminal),
    ...(snapshot.refusals.length > 0 ? [commandLink(l10n.t('Refused lately'), commands.openRefusal)] : []),
    commandLink(l10n.t('Limits'), focusLimits),
    commandLink(l10n.t('Dashboard'), commands.showDashboard),
  ].join(' · ');
}

/** Each kind of failure once with all its parts: without a network they all fail alike. */
function problems(input: ViewInput): string[] {
  const failed = namedParts(input.snapshot).filter(named => named.problem && !isByChoice(named));
  const byKind = [...Map.groupBy(failed, ({ problem }) => problem?.kind).values()];
  return byKind.slice(0, mostProblems).flatMap(([first, ...others]) => {
    if (!first?.problem) return [];
    const { sentence, action } = problemText(first.problem, first, input);
    const same = others.length > 0 && l10n.t('The same for: {0}.', others.map(partLabel).join(', '));
    const text = escapeMarkdown(same ? `${sentence} ${same}` : sentence, 1000);
    return `$(warning) ${text}${action ? ` ${actionLink(action)}` : ''}`;
  });
}

/** No alarm: the recommended token may not list endpoints, since it could then delete them. */
function isByChoice({ kind, problem }: NamedPart): boolean {
  return (kind === 'endpoints' || kind === 'hardware') && problem?.kind === 'missing-permission';
}

function footnotes({ snapshot, locale }: ViewInput): string[] {
  const { clockSkewMs = 0, ledgerProblem } = snapshot;
  const off = spokenDuration(Math.abs(clockSkewMs), locale);
  const clock =
    clockSkewMs > 0
      ? l10n.t(
          'This computer’s clock is {0} behind Hugging Face’s, so times here are off. Set the clock.',
          off,
        )
      : l10n.t(
          'This computer’s clock is {0} ahead of Hugging Face’s, so times here are off. Set the clock.',
          off,
        );
  const notes = Math.abs(clockSkewMs) > toleratedSkewMs ? [clock] : [];
  if (ledgerProblem !== undefined) notes.push(l10n.t('Headroom’s memory: {0}', oneLine(ledgerProblem, 300)));
  return notes.map(note => `$(info) ${escapeMarkdown(note)}`);
}
