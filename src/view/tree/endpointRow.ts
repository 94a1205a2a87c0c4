import * as l10n from '@vscode/l10n';
import type { Endpoint, HardwareQuota } from '../../limits/account/endpoints.ts';
import { costText, replicasText } from '../account/endpointCostText.ts';
import { quotaSentence, quotaText, stateIcon, stateText } from '../account/endpointStateText.ts';
import { rowKinds } from '../contributions.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { idSegment } from '../text/idSegment.ts';
import { endpointPage } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { type PriceFormat, shownPrice, spokenPrice } from '../text/prices.ts';
import { paragraphs } from './partRows.ts';
import { leaf, type TreeNode } from './treeNode.ts';

/** One endpoint: `running · 1 × L4 · $0.80/h`, `paused · does not count towards quota`, `failed · CUDA …`. */
export function endpointRow(
  parentId: string,
  endpoint: Endpoint,
  hardware: readonly HardwareQuota[],
  locale: string,
): TreeNode {
  const { name, namespace, state, message } = endpoint;
  const asleep = state === 'paused' || state === 'scaledToZero';
  const broken = state === 'failed' || state === 'updateFailed';
  const facts = (price: PriceFormat) => {
    if (asleep) return [quotaText(endpoint)];
    if (broken && message) return [oneLine(message, 80)];
    return [replicasText(endpoint, hardware), costText(endpoint, hardware, locale, price)];
  };
  return leaf({
    id: `${parentId}/${idSegment(name)}`,
    label: oneLine(name),
    kind: rowKinds.endpoint,
    description: joined([stateText(state), ...facts(shownPrice)]),
    spoken: joined([stateText(state), ...facts(spokenPrice), !asleep && quotaText(endpoint)]),
    icon: stateIcon(state),
    tooltip: () => tooltip(endpoint, hardware, locale),
    copyValue: oneLine(endpoint.url ?? name, 500),
    url: endpointPage(namespace, name),
  });
}

function tooltip(endpoint: Endpoint, hardware: readonly HardwareQuota[], locale: string): string {
  const { vendor, region, message, repository, minReplicas, maxReplicas, scaleToZeroMinutes } = endpoint;
  const cost = costText(endpoint, hardware, locale, shownPrice);
  const lines = [
    joined([stateText(endpoint.state), replicasText(endpoint, hardware), cost]),
    joined([oneLine(vendor, 60), oneLine(region, 60)]),
    repository,
    minReplicas !== undefined &&
      maxReplicas !== undefined &&
      l10n.t('Scales from {0} to {1} replicas.', minReplicas, maxReplicas),
    scaleToZeroMinutes !== undefined &&
      l10n.t('Scales to zero after {0} min without a request.', scaleToZeroMinutes),
    quotaSentence(endpoint),
    message && l10n.t('Hugging Face says: “{0}”', oneLine(message, 300)),
  ];
  return paragraphs(...lines.map(line => line && escapeMarkdown(line)));
}
