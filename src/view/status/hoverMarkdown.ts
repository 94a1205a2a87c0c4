import * as l10n from '@vscode/l10n';
import { payingProfile } from '../../billing/profile.ts';
import { planLabel } from '../../limits/account/plans.ts';
import { type NamedPart, namedParts, partLabel } from '../account/parts.ts';
import { problemText } from '../account/problemText.ts';
import { commands } from '../contributions.ts';
import { sessionProblemText } from '../signIn/sessionProblemText.ts';
import { joined } from '../text/counts.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenDuration } from '../text/spoken.ts';
import { ageText } from '../text/times.ts';
import { actionLink } from '../tree/partRows.ts';
import type { ViewInput } from '../viewInput.ts';
import { hoverBilling } from './hoverBilling.ts';
import { hoverHeld } from './hoverHeld.ts';
import { hoverEndpoints, hoverRefusals, hoverZeroGpu } from './hoverLimits.ts';
import { hoverPayer } from './hoverPayer.ts';
import { hoverHub, hoverKey } from './hoverWindows.ts';

const mostProblems = 3;
/** A larger skew makes times from the two clocks inconsistent. */
const toleratedSkewMs = 120_000;

/** The status bar's hover: Markdown with theme icons and links to `linkableCommands`. */
export function hoverMarkdown(input: ViewInput): string {
  if (!input.snapshot.session) {
    const payer = payingProfile(input.payer).kind === 'personal' ? [] : [hoverPayer(input).join('  \n')];
    const held = hoverHeld(input);
    return [signedOut(input), ...payer, ...held, ...hoverKey(input), ...footnotes(input)].join('\n\n');
  }
  return [
    header(input),
    ...hoverHeld(input),
    ...hoverBilling(input),
    ...hoverKey(input),
    ...hoverEndpoints(input),
    ...hoverHub(input),
    ...hoverZeroGpu(input),
    ...hoverRefusals(input),
    ...problems(input),
    ...footnotes(input),
  ].join('\n\n');
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

function header({ snapshot, now, locale }: ViewInput): string {
  const account = snapshot.account.value;
  const { asOf } = snapshot.credits;
  const age = asOf === undefined ? l10n.t('not read yet') : l10n.t('updated {0}', ageText(asOf, now, locale));
  const facts = [account && oneLine(account.name), account && planLabel(account.plan), age];
  const text = joined(['**Hugging Face**', ...facts.map(fact => fact && escapeMarkdown(fact))]);
  return `${text} ${commandLink('$(refresh)', commands.refresh)}`;
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
