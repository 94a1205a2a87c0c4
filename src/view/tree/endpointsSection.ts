import * as l10n from '@vscode/l10n';
import type { Endpoint } from '../../limits/account/endpoints.ts';
import { totalCostText } from '../account/endpointCostText.ts';
import { hasSpentLimit, isAsleep, isBroken } from '../account/endpointStateText.ts';
import { knownHardware } from '../account/knownHardware.ts';
import { byName } from '../account/parts.ts';
import { rowKinds } from '../contributions.ts';
import { pages } from '../text/pages.ts';
import { type PriceFormat, shownPrice, spokenPrice } from '../text/prices.ts';
import type { ViewInput } from '../viewInput.ts';
import { endpointRow } from './endpointRow.ts';
import { foldedRest } from './foldedRows.ts';
import { namespaceProblems, oldestFreshness, paragraphs } from './partRows.ts';
import { branch, type TreeNode, withUniqueIds } from './treeNode.ts';

const id = 'endpoints';

export function endpointsSection(input: ViewInput): TreeNode {
  const hardware = knownHardware(input.snapshot);
  const parts = byName('endpoints', input.snapshot.endpoints);
  const all = parts.flatMap(named => (named.value ?? []).map(endpoint => ({ endpoint, named })));
  const endpoints = all.map(({ endpoint }) => endpoint);
  const isKnown = parts.some(({ value }) => value !== undefined);
  const cost = (price: PriceFormat) =>
    totalCostText(endpoints, hardware, input.locale, price) ??
    (isKnown && endpoints.length === 0 ? l10n.t('none') : '');
  const row = {
    id,
    label: l10n.t('Endpoints'),
    kind: rowKinds.section,
    description: cost(shownPrice),
    spoken: cost(spokenPrice),
    icon: { id: 'rocket' },
    tooltip: () =>
      paragraphs(
        l10n.t('Inference Endpoints. The hourly cost is the hardware’s price times the ready replicas.'),
        oldestFreshness(parts, input),
      ),
    url: pages.endpoints,
  };
  const rows = all
    .toSorted((one, other) => rank(one.endpoint, input) - rank(other.endpoint, input))
    .map(({ endpoint, named }) => endpointRow(endpoint, named, hardware, input));
  return branch(row, true, [
    ...namespaceProblems(id, parts, input),
    ...foldedRest(id, withUniqueIds(rows), input.locale),
  ]);
}

/** Failed ones first, then those that cost money. */
function rank(endpoint: Endpoint, input: ViewInput): number {
  if (isBroken(endpoint) || hasSpentLimit(endpoint, input)) return 0;
  return isAsleep(endpoint) ? 2 : 1;
}
