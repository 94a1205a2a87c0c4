import * as l10n from '@vscode/l10n';
import type { Refusal } from '../limits/refusal.ts';
import { rowKinds } from './contributions.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';
import type { FaceInput } from './faceInput.ts';
import { pages } from './pages.ts';
import { actionLink } from './partRows.ts';
import { oneLine } from './plainText.ts';
import { refusalEnd, refusalSentence, refusalTitle } from './refusalText.ts';
import { remedyTexts } from './remedyText.ts';
import { clockText, isoText } from './times.ts';
import { branch, colors, idSegment, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

const ID = 'refusals';
const HOUR_MS = 3_600_000;

/** Consecutive refusals by the same limit, newest first. */
export interface RefusalGroup {
  readonly newest: Refusal;
  readonly oldest: Refusal;
  readonly count: number;
}

export function groupRefusals(refusals: readonly Refusal[]): RefusalGroup[] {
  const groups: RefusalGroup[] = [];
  for (const refusal of refusals) {
    const last = groups.at(-1);
    if (last && sameLimit(last.newest, refusal)) {
      groups[groups.length - 1] = { ...last, oldest: refusal, count: last.count + 1 };
    } else {
      groups.push({ newest: refusal, oldest: refusal, count: 1 });
    }
  }
  return groups;
}

function sameLimit(a: Refusal, b: Refusal): boolean {
  return (
    a.by === b.by &&
    a.cause === b.cause &&
    a.scope === b.scope &&
    a.limit === b.limit &&
    a.billedTo === b.billedTo &&
    a.source === b.source
  );
}

export function refusalsSection(input: FaceInput): TreeNode {
  const { snapshot, now } = input;
  const recent = snapshot.refusals.filter(({ at }) => now - at < HOUR_MS).length;
  const rows = groupRefusals(snapshot.refusals).map(group => groupRow(group, input));
  const row = {
    id: ID,
    label: l10n.t('Recent 429s'),
    kind: rowKinds.section,
    description: snapshot.refusals.length === 0 ? l10n.t('none') : l10n.t('{0} in the last hour', recent),
    icon: { id: 'circle-slash' },
    tooltip: () =>
      l10n.t('Requests that were declined because of a limit, newest first: 429s, and 402s for credits.'),
    url: pages.rateLimits,
  };
  return branch(row, recent > 0, withUniqueIds(rows));
}

function groupRow(group: RefusalGroup, input: FaceInput): TreeNode {
  const { newest, oldest, count } = group;
  const { now, locale, options } = input;
  const time = clockText(newest.at, now, locale, options.timeZone);
  const title = refusalTitle(newest, locale);
  const end = refusalEnd(newest, input);
  const source = sourceLabel(newest.source);
  const lasting = newest.resetsAt !== undefined && newest.resetsAt > now;
  return leaf({
    // the oldest of a group stays while newer ones join it
    id: `${ID}/${oldest.at}-${idSegment(`${oldest.by} ${oldest.cause} ${oldest.scope ?? ''}`)}`,
    label: `${time}  ${title}`,
    kind: rowKinds.refusal,
    description: [end, `×${count}`, source].filter(Boolean).join(' · '),
    spoken: [end, count === 1 ? l10n.t('once') : l10n.t('{0} times', count), source]
      .filter(Boolean)
      .join(', '),
    icon: lasting ? { id: 'watch', color: colors.warning } : { id: 'circle-slash' },
    tooltip: () => groupTooltip(group, input),
    copyValue: `${isoText(newest.at)} ${newest.status} ${title}: ${oneLine(newest.message, 500)}`,
  });
}

/** Where it was seen; our own requests need no word. */
function sourceLabel(source: Refusal['source']): string {
  switch (source) {
    case 'headroom':
      return l10n.t('Headroom');
    case 'gateway':
      return l10n.t('gateway');
    case 'host':
      return l10n.t('another extension');
    case 'terminal':
      return l10n.t('terminal');
    case 'debug-console':
      return l10n.t('debug console');
    case 'notebook':
      return l10n.t('notebook');
  }
}

function groupTooltip({ newest, oldest, count }: RefusalGroup, input: FaceInput): string {
  const { now, locale, options } = input;
  const clock = (at: number) => clockText(at, now, locale, options.timeZone);
  const lines = [
    escapeMarkdown(refusalSentence(newest, input)),
    count === 1
      ? ''
      : escapeMarkdown(
          l10n.t('{0} times, first at {1}, last at {2}.', count, clock(oldest.at), clock(newest.at)),
        ),
    newest.model ? escapeMarkdown(l10n.t('Model: {0}', oneLine(newest.model, 200))) : '',
    newest.program ? escapeMarkdown(l10n.t('Program: {0}', oneLine(newest.program, 200))) : '',
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
