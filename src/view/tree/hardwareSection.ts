import * as l10n from '@vscode/l10n';
import { hardwarePressure } from '../../limits/account/endpointCost.ts';
import type { HardwareQuota } from '../../limits/account/endpoints.ts';
import { computeName, isFull } from '../account/endpointCostText.ts';
import { knownHardware } from '../account/knownHardware.ts';
import { byName, type NamedPart, partLabel } from '../account/parts.ts';
import { rowKinds } from '../contributions.ts';
import { colors } from '../text/colors.ts';
import { formatCount, joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { idSegment } from '../text/idSegment.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { type PriceFormat, shownPrice, spokenPrice } from '../text/prices.ts';
import type { ViewInput } from '../viewInput.ts';
import { freshness, paragraphs, problemRows, unknownPart, withAge } from './partRows.ts';
import { branch, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

const sectionId = 'hardware';

export function hardwareSection(input: ViewInput): TreeNode {
  const parts = byName('hardware', input.snapshot.hardware);
  const sorted = hardwarePressure(knownHardware(input.snapshot));
  const rows = withUniqueIds(sorted.map(compute => computeRow(compute, parts, input)));
  const inUse = sorted.filter(({ used = 0 }) => used > 0).length;
  const full = fullText(sorted);
  const row = {
    id: sectionId,
    label: l10n.t('Hardware quota'),
    kind: rowKinds.section,
    description: full,
    icon: { id: 'chip' },
    tooltip: () =>
      l10n.t(
        'Accelerators that Inference Endpoints use, of those that Hugging Face grants. The fullest first.',
      ),
    url: pages.quotaRequest,
  };
  return branch(row, inUse > 0, [
    ...parts.flatMap(named => partProblems(named, input)),
    ...rows.slice(0, inUse),
    ...unusedRow(rows.slice(inUse)),
  ]);
}

/** `L4 full`. */
function fullText(hardware: readonly HardwareQuota[]): string | undefined {
  const full = hardware.filter(isFull).map(computeName);
  const [first] = full;
  if (first === undefined) return undefined;
  return full.length === 1
    ? l10n.t('{0} full', first)
    : l10n.t('{0} and {1} more full', first, full.length - 1);
}

function partProblems(named: NamedPart, input: ViewInput): TreeNode[] {
  const id = `${sectionId}/${idSegment(named.of ?? '')}`;
  const problems = problemRows(id, named, input).map(row => ({
    ...row,
    label: `${oneLine(named.of ?? '')}: ${row.label}`,
  }));
  if (problems.length > 0 || named.value !== undefined) return problems;
  return [leaf({ id: `${id}:unknown`, label: partLabel(named), ...unknownPart(named, input) })];
}

/** Hardware not in use, folded: it is a long catalogue. */
function unusedRow(rows: readonly TreeNode[]): TreeNode[] {
  if (rows.length === 0) return [];
  const row = {
    id: `${sectionId}:unused`,
    label: l10n.t('Not in use'),
    kind: rowKinds.value,
    description: String(rows.length),
    icon: { id: 'circle-outline' },
    tooltip: () => l10n.t('Hardware that you could use.'),
  };
  // ids stay the same when a row moves here
  return [branch(row, false, rows)];
}

function computeRow(compute: HardwareQuota, parts: readonly NamedPart[], input: ViewInput): TreeNode {
  const { namespace, id, vendor, region, used, max, usdPerHour } = compute;
  const { locale } = input;
  const named = parts.find(({ of }) => of === namespace);
  const count = (value: number | undefined) => (value === undefined ? '–' : formatCount(value, locale));
  const age = named ? withAge('', named, input) : '';
  const about = (use: string, price: PriceFormat) =>
    joined([use, usdPerHour !== undefined && price(usdPerHour, locale), age]);
  const where = `${oneLine(vendor, 40)} · ${oneLine(region, 40)} · ${computeName(compute)}`;
  return leaf({
    id: `${sectionId}/${idSegment(namespace)}/${idSegment(id)}`,
    label: parts.length > 1 ? `${oneLine(namespace, 40)} · ${where}` : where,
    kind: rowKinds.value,
    description: about(`${count(used)} / ${count(max)}`, shownPrice),
    spoken: about(l10n.t('{0} of {1} used', count(used), count(max)), spokenPrice),
    icon: isFull(compute) ? { id: 'warning', color: colors.warning } : { id: 'chip' },
    tooltip: () => computeTooltip(compute, named, input),
  });
}

function computeTooltip(compute: HardwareQuota, named: NamedPart | undefined, input: ViewInput): string {
  const { instanceType, instanceSize, status, used, max, numAccelerators } = compute;
  const room = used === undefined || max === undefined ? undefined : max - used;
  const quota =
    room === undefined
      ? l10n.t('Hugging Face sent no quota for it.')
      : room < numAccelerators
        ? l10n.t(
            'No room for another replica: pause an endpoint (scaled to zero still counts), or ask for more.',
          )
        : '';
  return paragraphs(
    escapeMarkdown(joined([instanceType, instanceSize, status].map(word => oneLine(word, 60)))),
    escapeMarkdown(quota),
    named && freshness(named, input),
  );
}
