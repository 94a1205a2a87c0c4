import * as l10n from '@vscode/l10n';
import { isPrinted, lastOf, type Refusal } from '../../limits/refusals/refusal.ts';
import { type Remedy, remediesFor } from '../../limits/refusals/remedy.ts';
import { commands } from '../contributions.ts';
import { codeBlock, codeSpan, readable } from '../text/markdownText.ts';
import { oneLine } from '../text/plainText.ts';
import { clockText, isoText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { avoidanceOf } from './avoidance.ts';
import { programsOf, type RefusalGroup } from './refusalGroups.ts';
import { causeLabel, modelLabel, sourceLabel } from './refusalLabels.ts';
import { policyOf } from './refusalPolicy.ts';
import { endText, heldUntil, refusalSentence, refusalTitle, refuser } from './refusalText.ts';
import { remedyText } from './remedyText.ts';

const mostTimes = 10;

/** A refusal as a Markdown document, readable also as plain text. `group`: its episode. */
export function refusalDocument(refusal: Refusal, group: RefusalGroup, input: ViewInput): string {
  const { locale } = input;
  const policy = policyOf(refusal, locale);
  const sections = [
    `# ${readable(refusalTitle(refusal, locale))}`,
    readable(refusalSentence(refusal, input), 1_000),
    facts(refusal, group, input).join('\n'),
    heading(l10n.t('What to do now')),
    steps(refusal, input),
    heading(l10n.t('The server’s words')),
    refusal.message === '' ? l10n.t('None seen.') : codeBlock(wrapped(refusal.message), 'text'),
    heading(l10n.t('Headers')),
    headersText(refusal),
    heading(l10n.t('The rule')),
    `${readable(policy.text, 1_000)} <${policy.url}>`,
    ...avoidance(refusal),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** In place of a refusal that is no longer in the ledger. */
export function forgottenDocument(): string {
  return `# ${l10n.t('Not kept any more')}\n\n${l10n.t('This refusal was cleared, or is older than 90 days.')}\n`;
}

function heading(text: string): string {
  return `## ${text}`;
}

function facts(refusal: Refusal, group: RefusalGroup, input: ViewInput): string[] {
  const { status, by, cause, source, program, model, billedTo } = refusal;
  const at = lastOf(refusal);
  const clock = (time: number) => clockText(time, input);
  const others = programsOf(group)
    .filter(other => other !== program)
    .slice(0, 5)
    .map(other => codeSpan(other));
  const times = group.refusals
    .slice(0, mostTimes)
    .map(each => clock(lastOf(each)))
    .join(', ');
  const rows: [string, string | undefined][] = [
    [l10n.t('When'), `${clock(at)} (${isoText(at)})`],
    [
      l10n.t('How often'),
      group.count === 1
        ? l10n.t('once')
        : l10n.t(
            '{0} times, first at {1}, last at {2}.',
            group.count,
            clock(group.oldest.at),
            clock(lastOf(group.newest)),
          ),
    ],
    [
      l10n.t('At'),
      group.count === 1
        ? undefined
        : times + (group.count > Math.min(group.refusals.length, mostTimes) ? ', …' : ''),
    ],
    [l10n.t('Seen in'), readable(sourceLabel(source))],
    [l10n.t('Program'), program && codeSpan(program)],
    [l10n.t('Other programs'), others.join(', ')],
    [l10n.t('Status'), `HTTP ${status}`],
    [l10n.t('Refused by'), readable(refuser(by))],
    [l10n.t('Cause'), causeLabel(cause)],
    [modelLabel(refusal), model && codeSpan(model)],
    [l10n.t('Billed to'), billedTo && codeSpan(billedTo)],
  ];
  return rows.filter(([, value]) => value).map(([label, value]) => `- ${label}: ${value}`);
}

function headersText({ headers, source }: Refusal): string {
  const lines = Object.entries(headers ?? {}).map(([name, value]) => oneLine(`${name}: ${value}`, 500));
  if (lines.length > 0) return codeBlock(lines, 'http');
  return isPrinted(source)
    ? l10n.t('Not known: programs print a refusal’s words, seldom its headers.')
    : l10n.t('None about a limit.');
}

function steps(refusal: Refusal, input: ViewInput): string {
  const remedies = remediesFor(refusal);
  if (remedies.length === 0) return l10n.t('No remedy is known.');
  const until = refusal.cause === 'unsettled' ? heldUntil(refusal, input) : undefined;
  return remedies.map((remedy, index) => `${index + 1}. ${step(remedy, until, input)}`).join('\n');
}

function step(remedy: Remedy, usuallyUntil: number | undefined, input: ViewInput): string {
  if (remedy.kind === 'wait') {
    const until = remedy.until ?? usuallyUntil;
    if (until === undefined) return l10n.t('Wait. The server did not say how long.');
    if (until <= input.now) return l10n.t('Try again: it is over.');
    const text = remedy.until === undefined ? clockText : endText;
    return l10n.t('Wait until {0}.', text(until, input));
  }
  const { label = '', action } = remedyText(remedy) ?? {};
  if (action === undefined) return readable(label);
  if ('url' in action) return `${readable(label)}: <${action.url}>`;
  const title = commandTitles[action.command]?.();
  if (title === undefined) return readable(label);
  const isSaid = title.toLowerCase().endsWith(label.toLowerCase());
  return isSaid ? l10n.t('Run “{0}”', title) : l10n.t('{0}: run “{1}”', readable(label), title);
}

/** As in the command palette. */
const commandTitles: Readonly<Record<string, () => string>> = {
  [commands.switchBilling]: () => l10n.t('Headroom: Switch Billing…'),
  [commands.useProviderKey]: () => l10n.t('Headroom: Use a Custom Provider Key…'),
  [commands.signIn]: () => l10n.t('Headroom: Sign In to Hugging Face…'),
  [commands.askForMore]: () => l10n.t('Headroom: Ask for More…'),
};

function avoidance(refusal: Refusal): string[] {
  const avoided = avoidanceOf(refusal);
  if (!avoided) return [];
  const { text, code, language } = avoided;
  return [heading(l10n.t('How to avoid it')), text, codeBlock(code.split('\n'), language)];
}

/** In lines short enough to read without scrolling; a longer word has a line of its own. */
function wrapped(text: string): string[] {
  return text.split(/\r\n|\n|\r/).flatMap(part => oneLine(part, 1_000).match(/\S.{0,99}(?!\S)|\S+/g) ?? ['']);
}
