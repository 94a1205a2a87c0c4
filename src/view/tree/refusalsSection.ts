import * as l10n from '@vscode/l10n';
import { mostRefusals } from '../../account/snapshot.ts';
import { formatCountdown } from '../../limits/headers/duration.ts';
import { quotaOf } from '../../limits/refusals/quotaSubject.ts';
import { countOf, lastOf, type Refusal } from '../../limits/refusals/refusal.ts';
import { shortLimitName } from '../account/windows.ts';
import { commands, rowKinds } from '../contributions.ts';
import { filterText, isFiltering, noFilter, passes, type RefusalFilter } from '../refusals/refusalFilter.ts';
import {
  groupRefusals,
  programsOf,
  type RefusalGroup,
  sourcesOf,
  totalOf,
} from '../refusals/refusalGroups.ts';
import { modelLabel, sourceIcon, sourceLabel } from '../refusals/refusalLabels.ts';
import { refusalEnd, refusalName, refusalSentence, refusalTitle } from '../refusals/refusalText.ts';
import { remedyTexts } from '../refusals/remedyText.ts';
import { colors } from '../text/colors.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { idSegment } from '../text/idSegment.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { shortProgram } from '../text/programName.ts';
import { clockText, countsDownMs, isoText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { actionLink, paragraphs } from './partRows.ts';
import { branch, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

const sectionId = 'refusals';
const hourMs = 3_600_000;

export function refusalsSection(input: ViewInput): TreeNode {
  const { snapshot, now, refusalFilter: filter = noFilter } = input;
  const { refusals } = snapshot;
  const filtering = isFiltering(filter) && refusals.length > 0;
  const shown = filtering ? refusals.filter(refusal => passes(filter, refusal)) : refusals;
  const recent = totalOf(shown.filter(refusal => now - lastOf(refusal) < hourMs));
  const rows = groupRefusals(shown).map(group => groupRow(group, input));
  const row = {
    id: sectionId,
    label: l10n.t('Refused lately'),
    kind: filtering ? rowKinds.filteredRefusals : rowKinds.refusals,
    description: joined([recentText(refusals.length, recent), filtering && l10n.t('filtered')]),
    icon: { id: 'circle-slash' },
    tooltip: () => l10n.t('Requests refused by a limit, newest first: 429s, and 402s for credits.'),
    url: pages.rateLimits,
  };
  const filterRows = filtering ? [filterRow(filter, totalOf(shown), totalOf(refusals))] : [];
  return branch(row, recent > 0 || filtering, withUniqueIds([...filterRows, ...rows]));
}

function recentText(all: number, recent: number): string {
  if (all === 0) return l10n.t('none');
  return recent === 0 ? l10n.t('none in the last hour') : l10n.t('{0} in the last hour', recent);
}

function filterRow(filter: RefusalFilter, shown: number, all: number): TreeNode {
  return leaf({
    id: `${sectionId}:filter`,
    label: l10n.t('Filtered'),
    kind: rowKinds.refusalFilter,
    description: joined([l10n.t('{0} of {1}', shown, all), filterText(filter)]),
    icon: { id: 'filter-filled' },
    tooltip: () => l10n.t('The list shows only some refusals. The last button of this row shows all.'),
    action: { label: l10n.t('Change filter…'), command: commands.filterRefusals },
  });
}

function groupRow(group: RefusalGroup, input: ViewInput): TreeNode {
  const { newest, oldest, count, refusals } = group;
  const { now, locale, snapshot } = input;
  const lasting = newest.resetsAt !== undefined && newest.resetsAt > now;
  // the list is cut, and this limit may have refused more before
  const more = snapshot.refusals.length >= mostRefusals && snapshot.refusals.at(-1) === oldest ? '+' : '';
  const counted = `${count}${more}`;
  const places = [
    programsText(group) || sourcesOf(group).map(sourceLabel).join(', '),
    clockText(lastOf(newest), input),
  ];
  const [source] = sourcesOf(group);
  const limit = [oldest.by, oldest.cause, oldest.scope, oldest.billedTo].filter(Boolean).join(' ');
  // a group's oldest refusal stays while newer ones join it
  const id = `${sectionId}/${oldest.at}-${idSegment(limit)}`;
  const row = {
    id,
    label: refusalName(newest),
    short: refusalName(newest, shortLimitName),
    kind: rowKinds.refusal,
    description: joined([lasting && countdown(newest, input), `×${counted}`, ...places]),
    // the end as a time: a screen reader would read a countdown each second
    spoken: joined([
      lasting && refusalEnd(newest, input),
      count === 1 ? l10n.t('once') : l10n.t('{0} times', counted),
      ...places,
    ]),
    icon: lasting
      ? { id: 'watch', color: colors.warning }
      : { id: source === undefined ? 'circle-slash' : sourceIcon(source) },
    tooltip: () => groupTooltip(group, input),
    copyValue: copyText(newest, refusalTitle(newest, locale)),
    action: openAction(id),
    refusals,
    quota: quotaOf(newest),
  };
  if (refusals.length === 1) return leaf(row);
  return branch(row, false, withUniqueIds(refusals.map(refusal => singleRow(id, refusal, input))));
}

function singleRow(groupId: string, refusal: Refusal, input: ViewInput): TreeNode {
  const { at, source, program, model } = refusal;
  const count = countOf(refusal);
  const id = `${groupId}/${at}`;
  return leaf({
    id,
    label: clockText(lastOf(refusal), input),
    kind: rowKinds.refusal,
    description: joined([
      count > 1 && `×${count}`,
      program && shortProgram(program),
      sourceLabel(source),
      model && oneLine(model, 60),
    ]),
    icon: { id: sourceIcon(source) },
    tooltip: () => groupTooltip({ newest: refusal, oldest: refusal, count, refusals: [refusal] }, input),
    copyValue: copyText(refusal, refusalTitle(refusal, input.locale)),
    action: openAction(id),
    refusals: [refusal],
    quota: quotaOf(refusal),
  });
}

function openAction(id: string) {
  return { label: l10n.t('Open'), command: commands.openRefusal, argument: id };
}

function copyText(refusal: Refusal, title: string): string {
  const { status, message } = refusal;
  return `${isoText(lastOf(refusal))} ${status} ${title}: ${oneLine(message, 500)}`;
}

/** `opens in 1:52`, `until 18:20`. */
function countdown(refusal: Refusal, input: ViewInput): string | undefined {
  const left = (refusal.resetsAt ?? 0) - input.now;
  return left < countsDownMs ? l10n.t('opens in {0}', formatCountdown(left)) : refusalEnd(refusal, input);
}

/** `train.py +1`; empty: not known. */
function programsText(group: RefusalGroup): string {
  const [first = '', ...others] = new Set(programsOf(group).map(shortProgram));
  return others.length === 0 ? first : `${first} +${others.length}`;
}

function groupTooltip(group: RefusalGroup, input: ViewInput): string {
  const { newest, oldest, count } = group;
  const { model, billedTo, status, message } = newest;
  const clock = (at: number) => clockText(at, input);
  const programs = programsOf(group).slice(0, 3);
  const times = l10n.t(
    '{0} times, first at {1}, last at {2}.',
    count,
    clock(oldest.at),
    clock(lastOf(newest)),
  );
  return paragraphs(
    escapeMarkdown(refusalSentence(newest, input)),
    count > 1 ? escapeMarkdown(times) : '',
    model && escapeMarkdown(`${modelLabel(newest)}: ${oneLine(model, 200)}`),
    ...programs.map(program => escapeMarkdown(l10n.t('Program: {0}', oneLine(program, 200)))),
    escapeMarkdown(`${l10n.t('Seen in')}: ${sourcesOf(group).map(sourceLabel).join(', ')}`),
    billedTo && escapeMarkdown(l10n.t('Billed to {0}', oneLine(billedTo, 100))),
    ...remedyTexts(newest).map(
      ({ label, action }) => `- ${action ? actionLink(action) : escapeMarkdown(label)}`,
    ),
    message && escapeMarkdown(l10n.t('HTTP {0}: “{1}”', status, oneLine(message, 500)), 600),
  );
}
