import * as l10n from '@vscode/l10n';
import type { Snapshot } from '../../account/snapshot.ts';
import { planLabel } from '../../limits/account/plans.ts';
import { type NamedPart, namedParts, partLabel } from '../account/parts.ts';
import { problemText } from '../account/problemText.ts';
import { payingProfile } from '../billing/payerText.ts';
import { commands } from '../contributions.ts';
import { sessionProblemText } from '../signIn/sessionProblemText.ts';
import { commandLink, escapeMarkdown } from '../text/escapeMarkdown.ts';
import { oneLine } from '../text/plainText.ts';
import { spokenDuration } from '../text/spoken.ts';
import { ageText } from '../text/times.ts';
import { actionLink } from '../tree/partRows.ts';
import { type FaceInput, type FaceOptions, faceInput } from '../viewInput.ts';
import { hoverBilling } from './hoverBilling.ts';
import { hoverHeld } from './hoverHeld.ts';
import { hoverKey } from './hoverKey.ts';
import { hoverEndpoints, hoverHub, hoverRefusals, hoverZeroGpu } from './hoverLimits.ts';
import { hoverPayer } from './hoverPayer.ts';

const mostProblems = 3;
/** Beyond this, times that come from two clocks no longer fit together. */
const toleratedSkewMs = 120_000;

/** The small dashboard behind the status bar item, as Markdown with theme icons and links to `linkableCommands`. */
export function hoverMarkdown(snapshot: Snapshot, options: FaceOptions, now: number, locale: string): string {
  const input = faceInput(snapshot, options, now, locale);
  if (!snapshot.session) {
    const payer = payingProfile(input.payer).kind === 'personal' ? [] : [hoverPayer(input).join('  \n')];
    return [nobody(input), ...payer, ...hoverHeld(input), ...hoverKey(input), ...footnotes(input)].join(
      '\n\n',
    );
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

function nobody({ snapshot }: FaceInput): string {
  if (snapshot.sessionProblem) {
    const { sentence, actions } = sessionProblemText(snapshot.sessionProblem);
    const links = actions.map(actionLink).join(' · ');
    return `**Hugging Face**\n\n$(warning) ${escapeMarkdown(sentence, 1000)}\n\n${links}`;
  }
  const invitation = l10n.t('Sign in to see your credits, rate limits, endpoints and ZeroGPU time.');
  return `**Hugging Face**\n\n${invitation}\n\n${commandLink(l10n.t('Sign in'), commands.signIn)}`;
}

function header({ snapshot, now, locale }: FaceInput): string {
  const { account, credits } = snapshot;
  const who = account.value ? [oneLine(account.value.name), planLabel(account.value.plan) ?? ''] : [];
  const { asOf } = credits;
  const age = asOf === undefined ? l10n.t('not read yet') : l10n.t('updated {0}', ageText(asOf, now, locale));
  const facts = [...who.filter(Boolean), age].map(fact => escapeMarkdown(fact));
  return `${['**Hugging Face**', ...facts].join(' · ')} ${commandLink('$(refresh)', commands.refresh)}`;
}

/** Each kind of failure once, with what else it concerns: without a network all parts fail alike. */
function problems(input: FaceInput): string[] {
  const byKind = new Map<string, NamedPart[]>();
  for (const named of namedParts(input.snapshot)) {
    const { problem } = named.part;
    if (problem && !isByChoice(named)) byKind.set(problem.kind, [...(byKind.get(problem.kind) ?? []), named]);
  }
  return [...byKind.values()].slice(0, mostProblems).flatMap(([first, ...others]) => {
    if (!first?.part.problem) return [];
    const { sentence, action } = problemText(first.part.problem, first, input);
    const same =
      others.length === 0
        ? ''
        : ` ${l10n.t('The same for: {0}.', others.map(other => partLabel(other)).join(', '))}`;
    return `$(warning) ${escapeMarkdown(sentence + same, 1000)}${action ? ` ${actionLink(action)}` : ''}`;
  });
}

/** The token that Headroom recommends may not list endpoints, since that would let it delete them: no alarm. */
function isByChoice({ kind, part }: NamedPart): boolean {
  return (kind === 'endpoints' || kind === 'hardware') && part.problem?.kind === 'missing-permission';
}

function footnotes({ snapshot, locale }: FaceInput): string[] {
  const notes: string[] = [];
  const { clockSkewMs, ledgerProblem } = snapshot;
  if (clockSkewMs !== undefined && Math.abs(clockSkewMs) > toleratedSkewMs) {
    const off = spokenDuration(Math.abs(clockSkewMs), locale);
    notes.push(
      clockSkewMs > 0
        ? l10n.t(
            'This computer’s clock is {0} behind Hugging Face’s, so times here are off. Set the clock.',
            off,
          )
        : l10n.t(
            'This computer’s clock is {0} ahead of Hugging Face’s, so times here are off. Set the clock.',
            off,
          ),
    );
  }
  if (ledgerProblem !== undefined) {
    notes.push(l10n.t('What Headroom remembers: {0}', oneLine(ledgerProblem, 300)));
  }
  return notes.map(note => `$(info) ${escapeMarkdown(note)}`);
}
