import * as l10n from '@vscode/l10n';
import type { Endpoint, HardwareQuota } from '../../limits/account/endpoints.ts';
import { totalCostText } from '../account/endpointCostText.ts';
import { knownHardware } from '../account/knownHardware.ts';
import { byName, type NamedPart } from '../account/parts.ts';
import { rowKinds } from '../contributions.ts';
import { joined } from '../text/counts.ts';
import { idSegment } from '../text/idSegment.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { type PriceFormat, shownPrice, spokenPrice } from '../text/prices.ts';
import type { ViewInput } from '../viewInput.ts';
import { endpointRow } from './endpointRow.ts';
import { freshness, problemRows, unknownPart, withAge } from './partRows.ts';
import { branch, type TreeNode, withUniqueIds } from './treeNode.ts';

const sectionId = 'endpoints';

export function endpointsSection(input: ViewInput): TreeNode {
  const hardware = knownHardware(input.snapshot);
  const namespaces = byName('endpoints', input.snapshot.endpoints);
  const all = namespaces.flatMap(({ value }) => value ?? []);
  const cost = (price: PriceFormat) => totalCostText(all, hardware, input.locale, price) ?? '';
  const row = {
    id: sectionId,
    label: l10n.t('Inference Endpoints'),
    kind: rowKinds.section,
    description: cost(shownPrice),
    spoken: cost(spokenPrice),
    icon: { id: 'rocket' },
    tooltip: () =>
      l10n.t('Endpoints by namespace. The hourly cost is the hardware’s price times the ready replicas.'),
    url: pages.endpoints,
  };
  return branch(
    row,
    true,
    namespaces.map(named => namespaceRow(named, hardware, input)),
  );
}

function namespaceRow(
  named: NamedPart<readonly Endpoint[]>,
  hardware: readonly HardwareQuota[],
  input: ViewInput,
): TreeNode {
  const { of: namespace = '', value: endpoints } = named;
  const id = `${sectionId}/${idSegment(namespace)}`;
  const row = {
    id,
    label: oneLine(namespace),
    icon: { id: namespace === input.snapshot.account.value?.name ? 'account' : 'organization' },
    url: pages.endpoints,
  };
  const problems = problemRows(id, named, input);
  if (!endpoints) return branch({ ...row, ...unknownPart(named, input) }, false, problems);
  const rows = endpoints.map(endpoint => endpointRow(id, endpoint, hardware, input.locale));
  const about = (price: PriceFormat) =>
    withAge(summary(endpoints, hardware, input.locale, price), named, input);
  const known = {
    ...row,
    kind: rowKinds.value,
    description: about(shownPrice),
    spoken: about(spokenPrice),
    tooltip: () => freshness(named, input),
  };
  return branch(known, true, [...problems, ...withUniqueIds(rows)]);
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
  return joined([l10n.t('{0} running', running), cost]);
}
