import * as l10n from '@vscode/l10n';
import type { Endpoint, HardwareQuota } from '../../limits/account/endpoints.ts';
import { totalCostText } from '../account/endpointCostText.ts';
import { byName, type NamedPart } from '../account/parts.ts';
import { rowKinds } from '../contributions.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { type PriceFormat, shownPrice, spokenPrice } from '../text/prices.ts';
import { rememberLast } from '../text/rememberLast.ts';
import type { FaceInput } from '../viewInput.ts';
import { endpointRow } from './endpointRow.ts';
import { freshness, problemRows, unknownReason, withAge } from './partRows.ts';
import { branch, idSegment, type TreeNode, withUniqueIds } from './treeNode.ts';

const sectionId = 'endpoints';

/** All hardware that is known, for prices: they are the same for everyone. */
export function knownHardware({ snapshot }: FaceInput): readonly HardwareQuota[] {
  const catalogues = Object.values(snapshot.hardware).map(({ value }) => value);
  return lastHardware(catalogues, () => catalogues.flatMap(value => value ?? []));
}

const lastHardware = rememberLast<readonly HardwareQuota[]>();

export function endpointsSection(input: FaceInput): TreeNode {
  const hardware = knownHardware(input);
  const namespaces = byName('endpoints', input.snapshot.endpoints);
  const all = Object.values(input.snapshot.endpoints).flatMap(({ value }) => value ?? []);
  const cost = (price: PriceFormat) => totalCostText(all, hardware, input.locale, price) ?? '';
  const row = {
    id: sectionId,
    label: l10n.t('Inference Endpoints'),
    kind: rowKinds.section,
    description: cost(shownPrice),
    spoken: cost(spokenPrice),
    icon: { id: 'rocket' },
    tooltip: () =>
      l10n.t(
        'What runs now, by namespace. The hourly cost is the price of the hardware times the replicas that are ready.',
      ),
    url: pages.endpoints,
  };
  return branch(
    row,
    true,
    namespaces.map(named => namespaceRow(named, hardware, input)),
  );
}

function namespaceRow(named: NamedPart, hardware: readonly HardwareQuota[], input: FaceInput): TreeNode {
  const { of: namespace = '' } = named;
  const endpoints = input.snapshot.endpoints[namespace]?.value;
  const id = `${sectionId}/${idSegment(namespace)}`;
  const row = {
    id,
    label: oneLine(namespace),
    icon: { id: namespace === input.snapshot.account.value?.name ? 'account' : 'organization' },
    url: pages.endpoints,
  };
  const problems = problemRows(id, named, input);
  if (!endpoints) {
    const unknown = { ...row, kind: rowKinds.unknown, description: '–', spoken: l10n.t('not known') };
    return branch({ ...unknown, tooltip: () => unknownReason(named, input) }, false, problems);
  }
  const rows = endpoints.map(endpoint => endpointRow(id, endpoint, hardware, input.locale));
  const about = (price: PriceFormat) =>
    withAge(summary(endpoints, hardware, input.locale, price), named, input);
  const known = {
    ...row,
    kind: rowKinds.value,
    description: about(shownPrice),
    spoken: about(spokenPrice),
  };
  return branch({ ...known, tooltip: () => freshness(named, input) }, true, [
    ...problems,
    ...withUniqueIds(rows),
  ]);
}

function summary(
  endpoints: readonly Endpoint[],
  hardware: readonly HardwareQuota[],
  locale: string,
  price: PriceFormat,
): string {
  if (endpoints.length === 0) return l10n.t('no endpoints');
  const running = endpoints.filter(({ state }) => state === 'running').length;
  const cost = totalCostText(endpoints, hardware, locale, price);
  return [l10n.t('{0} running', running), cost].filter(Boolean).join(' · ');
}
