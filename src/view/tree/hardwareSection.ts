import * as l10n from '@vscode/l10n';
import { hardwarePressure } from '../../limits/account/endpointCost.ts';
import type { HardwareQuota } from '../../limits/account/endpoints.ts';
import { computeName } from '../account/endpointCostText.ts';
import { byName, type NamedPart, partLabel } from '../account/parts.ts';
import { rowKinds } from '../contributions.ts';
import { formatCount } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { type PriceFormat, shownPrice, spokenPrice } from '../text/prices.ts';
import type { FaceInput } from '../viewInput.ts';
import { knownHardware } from './endpointsSection.ts';
import { freshness, problemRows, unknownReason, withAge } from './partRows.ts';
import { branch, colors, idSegment, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

const sectionId = 'hardware';

export function hardwareSection(input: FaceInput): TreeNode {
  const parts = byName('hardware', input.snapshot.hardware);
  const sorted = hardwarePressure(knownHardware(input));
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
        'Accelerators in use by Inference Endpoints, of those that Hugging Face grants. The fullest come first.',
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

export function isFull({ used, max }: HardwareQuota): boolean {
  return used !== undefined && max !== undefined && used > 0 && used >= max;
}

function partProblems(named: NamedPart, input: FaceInput): TreeNode[] {
  const id = `${sectionId}/${idSegment(named.of ?? '')}`;
  const problems = problemRows(id, named, input).map(row => ({
    ...row,
    label: `${oneLine(named.of ?? '')}: ${row.label}`,
  }));
  if (problems.length > 0 || named.part.value !== undefined) return problems;
  const tooltip = () => unknownReason(named, input);
  const spoken = l10n.t('not known');
  return [
    leaf({
      id: `${id}:unknown`,
      label: partLabel(named),
      kind: rowKinds.unknown,
      description: '–',
      spoken,
      tooltip,
    }),
  ];
}

/** What nothing runs on: a catalogue, so out of the way. */
function unusedRow(rows: readonly TreeNode[]): TreeNode[] {
  if (rows.length === 0) return [];
  const row = {
    id: `${sectionId}:unused`,
    label: l10n.t('Not in use'),
    kind: rowKinds.value,
    description: String(rows.length),
    icon: { id: 'circle-outline' },
    tooltip: () => l10n.t('Hardware that could be used.'),
  };
  // ids stay the same when a row moves here
  return [branch(row, false, rows)];
}

function computeRow(compute: HardwareQuota, parts: readonly NamedPart[], input: FaceInput): TreeNode {
  const { namespace, id, vendor, region, used, max, usdPerHour } = compute;
  const { locale } = input;
  const named = parts.find(({ of }) => of === namespace);
  const count = (value: number | undefined) => (value === undefined ? '–' : formatCount(value, locale));
  const age = named ? withAge('', named, input) : '';
  const about = (use: string, price: PriceFormat) =>
    [use, usdPerHour === undefined ? '' : price(usdPerHour, locale), age].filter(Boolean).join(' · ');
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

function computeTooltip(compute: HardwareQuota, named: NamedPart | undefined, input: FaceInput): string {
  const { instanceType, instanceSize, status, used, max, numAccelerators } = compute;
  const room = used === undefined || max === undefined ? undefined : max - used;
  const lines = [
    [instanceType, instanceSize, status].map(word => oneLine(word, 60)).join(' · '),
    room === undefined ? l10n.t('Hugging Face sent no quota for it.') : '',
    room !== undefined && room < numAccelerators
      ? l10n.t(
          'No room for another replica: pause an endpoint (scaled to zero still counts), or ask for more.',
        )
      : '',
  ];
  const text = lines.filter(Boolean).map(line => escapeMarkdown(line));
  return [...text, named ? freshness(named, input) : ''].filter(Boolean).join('\n\n');
}
