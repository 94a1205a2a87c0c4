import * as l10n from '@vscode/l10n';
import { mostRefusals } from '../../account/snapshot.ts';
import { formatCountdown } from '../../limits/headers/duration.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { commands, rowKinds } from '../contributions.ts';
import { filterText, isFiltering, noFilter, passes } from '../refusals/refusalFilter.ts';
import { groupRefusals, programsOf, type RefusalGroup, sourcesOf } from '../refusals/refusalGroups.ts';
import { shortProgram, sourceIcon, sourceLabel } from '../refusals/refusalLabels.ts';
import { refusalEnd, refusalSentence, refusalTitle } from '../refusals/refusalText.ts';
import { remedyTexts } from '../refusals/remedyText.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { clockText, countsDownMs, isoText } from '../text/times.ts';
import type { FaceInput } from '../viewInput.ts';
import { actionLink } from './partRows.ts';
import { branch, colors, idSegment, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

const sectionId = 'refusals';
const hourMs = 3_600_000;

export function refusalsSection(input: FaceInput): TreeNode {
  const { snapshot, now, options } = input;
  const { refusals } = snapshot;
  const filter = options.refusalFilter ?? noFilter;
  const filtering = isFiltering(filter) && refusals.length > 0;
  const shown = filtering ? refusals.filter(refusal => passes(filter, refusal)) : refusals;
  const recent = shown.filter(({ at }) => now - at < hourMs).length;
  const rows = groupRefusals(shown).map(group => groupRow(group, input));
  const row = {
    id: sectionId,
    label: l10n.t('Recent 429s'),
    kind: filtering ? rowKinds.filteredRefusals : rowKinds.refusals,
    description: [
      refusals.length === 0 ? l10n.t('none') : l10n.t('{0} in the last hour', recent),
      filtering ? l10n.t('filtered') : '',
    ]
      .filter(Boolean)
      .join(' · '),
    icon: { id: 'circle-slash' },
    tooltip: () =>
      l10n.t('Requests that were declined because of a limit, newest first: 429s, and 402s for credits.'),
    url: pages.rateLimits,
  };
  const filterRows = filtering ? [filterRow(shown.length, input)] : [];
  return branch(row, recent > 0 || filtering, withUniqueIds([...filterRows, ...rows]));
}

/** That not all are listed, and which. */
function filterRow(shown: number, { snapshot, options }: FaceInput): TreeNode {
  const count = l10n.t('{0} of {1}', shown, snapshot.refusals.length);
  return leaf({
    id: `${sectionId}:filter`,
    label: l10n.t('Filtered'),
    kind: rowKinds.refusalFilter,
    description: `${filterText(options.refusalFilter ?? noFilter)} · ${count}`,
    icon: { id: 'filter-filled' },
    tooltip: () => l10n.t('Only some of the recent 429s are listed. The last button of this row lists all.'),
    action: { label: l10n.t('Change filter…'), command: commands.filterRefusals },
  });
}

function groupRow(group: RefusalGroup, input: FaceInput): TreeNode {
  const { newest, oldest, count, refusals } = group;
  const { now, locale, options, snapshot } = input;
  const clock = (at: number) => clockText(at, now, locale, options.timeZone);
  const title = refusalTitle(newest, locale);
  const lasting = newest.resetsAt !== undefined && newest.resetsAt > now;
  // the list ends somewhere, and this limit may have refused more before
  const more = snapshot.refusals.length >= mostRefusals && snapshot.refusals.at(-1) === oldest ? '+' : '';
  const since = count === 1 || clock(oldest.at) === clock(newest.at) ? '' : clock(oldest.at);
  const places = [programsText(group), sourcesOf(group).map(sourceLabel).join(', ')];
  const [source] = sourcesOf(group);
  // the oldest of a group stays while newer ones join it
  const id = `${sectionId}/${oldest.at}-${idSegment([oldest.by, oldest.cause, oldest.scope, oldest.billedTo].filter(Boolean).join(' '))}`;
  const row = {
    id,
    label: `${clock(newest.at)}  ${title}`,
    kind: rowKinds.refusal,
    description: [
      countdown(newest, input),
      since === '' ? `×${count}${more}` : l10n.t('×{0} since {1}', `${count}${more}`, since),
      ...places,
    ]
      .filter(Boolean)
      .join(' · '),
    // the time at which it ends, since one that counts down would be read out each second
    spoken: [
      refusalEnd(newest, input),
      count === 1 ? l10n.t('once') : l10n.t('{0} times', `${count}${more}`),
      since === '' ? '' : l10n.t('since {0}', since),
      ...places,
    ]
      .filter(Boolean)
      .join(', '),
    icon: lasting
      ? { id: 'watch', color: colors.warning }
      : { id: source === undefined ? 'circle-slash' : sourceIcon(source) },
    tooltip: () => groupTooltip(group, input),
    copyValue: copyText(newest, title),
    action: openAction(id),
    refusals,
  };
  if (count === 1) return leaf(row);
  return branch(row, false, withUniqueIds(refusals.map(refusal => singleRow(id, refusal, input))));
}

function singleRow(groupId: string, refusal: Refusal, input: FaceInput): TreeNode {
  const { now, locale, options } = input;
  const { at, source, program, model } = refusal;
  const id = `${groupId}/${at}`;
  return leaf({
    id,
    label: clockText(at, now, locale, options.timeZone),
    kind: rowKinds.refusal,
    description: [program && shortProgram(program), sourceLabel(source), model && oneLine(model, 60)]
      .filter(Boolean)
      .join(' · '),
    icon: { id: sourceIcon(source) },
    tooltip: () => groupTooltip({ newest: refusal, oldest: refusal, count: 1, refusals: [refusal] }, input),
    copyValue: copyText(refusal, refusalTitle(refusal, locale)),
    action: openAction(id),
    refusals: [refusal],
  });
}

function openAction(id: string) {
  return { label: l10n.t('Open'), command: commands.openRefusal, argument: id };
}

function copyText({ at, status, message }: Refusal, title: string): string {
  return `${isoText(at)} ${status} ${title}: ${oneLine(message, 500)}`;
}

/** `1:52 left`, `until 18:20`, `over`. */
function countdown(refusal: Refusal, input: FaceInput): string | undefined {
  const left = (refusal.resetsAt ?? 0) - input.now;
  return left > 0 && left < countsDownMs
    ? l10n.t('{0} left', formatCountdown(left))
    : refusalEnd(refusal, input);
}

function programsText(group: RefusalGroup): string {
  const [first, ...others] = [...new Set(programsOf(group).map(shortProgram))];
  if (first === undefined) return '';
  return others.length === 0 ? first : `${first} +${others.length}`;
}

function groupTooltip(group: RefusalGroup, input: FaceInput): string {
  const { newest, oldest, count } = group;
  const { now, locale, options } = input;
  const clock = (at: number) => clockText(at, now, locale, options.timeZone);
  const programs = programsOf(group).slice(0, 3);
  const lines = [
    escapeMarkdown(refusalSentence(newest, input)),
    count === 1
      ? ''
      : escapeMarkdown(
          l10n.t('{0} times, first at {1}, last at {2}.', count, clock(oldest.at), clock(newest.at)),
        ),
    newest.model ? escapeMarkdown(l10n.t('Model: {0}', oneLine(newest.model, 200))) : '',
    ...programs.map(program => escapeMarkdown(l10n.t('Program: {0}', oneLine(program, 200)))),
    newest.billedTo ? escapeMarkdown(l10n.t('Billed to {0}', oneLine(newest.billedTo, 100))) : '',
    ...remedyTexts(newest).map(
      ({ label, action }) => `- ${action ? actionLink(action) : escapeMarkdown(label)}`,
    ),
    newest.message
      ? escapeMarkdown(l10n.t('HTTP {0}: “{1}”', newest.status, oneLine(newest.message, 500)), 600)
      : '',
  ];
  return lines.filter(Boolean).join('\n\n');
}
