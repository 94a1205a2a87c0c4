import * as l10n from '@vscode/l10n';
import { hardwarePressure } from '../../limits/account/endpointCost.ts';
import type { HardwareQuota } from '../../limits/account/endpoints.ts';
import { computeName, inUseText, isFull } from '../account/endpointCostText.ts';
import { knownHardware } from '../account/knownHardware.ts';
import { byName, type NamedPart } from '../account/parts.ts';
import { askForMoreAction } from '../action.ts';
import { rowKinds } from '../contributions.ts';
import { colors } from '../text/colors.ts';
import { countOrDash, joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { idSegment } from '../text/idSegment.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { shownPrice } from '../text/prices.ts';
import type { ViewInput } from '../viewInput.ts';
import { foldedRest, foldedRow } from './foldedRows.ts';
import {
  actionLink,
  freshness,
  namespaceProblems,
  oldestFreshness,
  paragraphs,
  staleAge,
} from './partRows.ts';
import { branch, leaf, type TreeNode, withUniqueIds } from './treeNode.ts';

const sectionId = 'hardware';

export function hardwareSection(input: ViewInput): TreeNode {
  const parts = byName('hardware', input.snapshot.hardware);
  const sorted = hardwarePressure(knownHardware(input.snapshot));
  const rows = withUniqueIds(sorted.map(compute => computeRow(compute, parts, input)));
  const inUse = sorted.filter(({ used = 0 }) => used > 0).length;
  const unused = rows.slice(inUse);
  const row = {
    id: sectionId,
    label: l10n.t('Hardware quota'),
    kind: rowKinds.section,
    description: fullText(sorted),
    icon: { id: 'chip' },
    tooltip: () =>
      paragraphs(
        l10n.t(
          'Accelerators that Inference Endpoints use, of those that Hugging Face grants. The fullest first.',
        ),
        oldestFreshness(parts, input),
      ),
    url: pages.quotaRequest,
  };
  return branch(row, inUse > 0, [
    ...namespaceProblems(sectionId, parts, input),
    ...foldedRest(sectionId, rows.slice(0, inUse), input.locale),
    // a long catalogue
    ...foldedRow(`${sectionId}:unused`, l10n.t('Not in use'), unused, String(unused.length)),
  ]);
}

/** `L4 full in us-east-1`; the rows show what else is full. */
function fullText(hardware: readonly HardwareQuota[]): string | undefined {
  const full = hardware.find(isFull);
  return full && l10n.t('{0} full in {1}', computeName(full), oneLine(full.region, 40));
}

/** `2 / 2  L4 | us-east-1 · ada`. */
function computeRow(compute: HardwareQuota, parts: readonly NamedPart[], input: ViewInput): TreeNode {
  const { namespace, id, region, used, max } = compute;
  const { locale } = input;
  const named = parts.find(({ of }) => of === namespace);
  return leaf({
    id: `${sectionId}/${idSegment(namespace)}/${idSegment(id)}`,
    number: {
      shown: inUseText(compute, locale),
      spoken: l10n.t('{0} of {1} used', countOrDash(used, locale), countOrDash(max, locale)),
    },
    label: computeName(compute),
    kind: rowKinds.value,
    description: joined([oneLine(region, 40), oneLine(namespace, 40)]),
    age: named && staleAge(named, input),
    icon: isFull(compute) ? { id: 'warning', color: colors.warning } : { id: 'chip' },
    tooltip: () => computeTooltip(compute, named, input),
    ...(isFull(compute) && { quota: { kind: 'endpoint-hardware', of: namespace, id } as const }),
  });
}

function computeTooltip(compute: HardwareQuota, named: NamedPart | undefined, input: ViewInput): string {
  const { vendor, instanceType, instanceSize, status, used, max, numAccelerators, usdPerHour } = compute;
  const room = used === undefined || max === undefined ? undefined : max - used;
  const quota =
    room === undefined
      ? l10n.t('Hugging Face sent no quota for it.')
      : room < numAccelerators
        ? l10n.t(
            'No room for another replica: pause an endpoint (scaled to zero still counts), or ask for more.',
          )
        : '';
  const price = usdPerHour !== undefined && shownPrice(usdPerHour, input.locale);
  const facts = [vendor, instanceType, instanceSize, status].map(word => oneLine(word, 60));
  const subject = { kind: 'endpoint-hardware', of: compute.namespace, id: compute.id } as const;
  return paragraphs(
    escapeMarkdown(joined([...facts, price])),
    escapeMarkdown(quota),
    isFull(compute) && actionLink(askForMoreAction(subject)),
    named && freshness(named, input),
  );
}
