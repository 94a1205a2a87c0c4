import * as l10n from '@vscode/l10n';
import { actionsOf, type EndpointAction, isSameEndpoint } from '../../limits/account/endpointChange.ts';
import type { Endpoint, HardwareQuota } from '../../limits/account/endpoints.ts';
import { costText, replicasText } from '../account/endpointCostText.ts';
import { idleOf, idleText, spokenIdle } from '../account/endpointIdle.ts';
import {
  hasSpentLimit,
  isAsleep,
  isBroken,
  quotaSentence,
  quotaText,
  spendLimitSentence,
  stateIcon,
  stateText,
} from '../account/endpointStateText.ts';
import type { NamedPart } from '../account/parts.ts';
import { type RowAbility, rowAbilities, rowKinds } from '../contributions.ts';
import { changingText } from '../endpoints/changeTexts.ts';
import { endpointRowId } from '../endpoints/endpointFacts.ts';
import { colors } from '../text/colors.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { endpointPage } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { type PriceFormat, shownPrice, spokenPrice } from '../text/prices.ts';
import { ageText } from '../text/times.ts';
import type { ViewInput } from '../viewInput.ts';
import { freshness, paragraphs, staleAge } from './partRows.ts';
import { leaf, type TreeNode } from './treeNode.ts';

/**
 * `$0.80/h  bert-prod | running · 1 × L4`, `$0.80/h  chat | idle for 3 h · 1 × L4`, `$0  nightly | scaled to zero,
 * counts`, `$0  broken | failed · CUDA …`.
 */
export function endpointRow(
  endpoint: Endpoint,
  named: NamedPart,
  hardware: readonly HardwareQuota[],
  input: ViewInput,
): TreeNode {
  const { name, namespace, state, url } = endpoint;
  const change = input.snapshot.endpointChanges?.find(each => isSameEndpoint(each, endpoint));
  const overLimit = hasSpentLimit(endpoint, input);
  const price = (format: PriceFormat) => costText(endpoint, hardware, input.locale, format);
  const idle = change ? undefined : idleOf(endpoint, input);
  const describe = (state: string) =>
    joined([
      change ? changingText(change.action) : joined([overLimit && l10n.t('spending limit'), state]),
      named.siblings > 1 && oneLine(namespace, 40),
    ]);
  const idleFacts = (span: string) =>
    joined([l10n.t('idle for {0}', span), replicasText(endpoint, hardware)]);
  return leaf({
    id: endpointRowId(endpoint),
    number: { shown: price(shownPrice) ?? '–', spoken: price(spokenPrice) ?? l10n.t('cost unknown') },
    label: oneLine(name),
    kind: rowKinds.endpoint,
    description: describe(idle ? idleFacts(idleText(idle, input.locale)) : stateFacts(endpoint, hardware)),
    ...(idle && {
      spoken: describe(joined([stateText(state), idleFacts(spokenIdle(idle, input.locale))])),
    }),
    age: staleAge(named, input),
    icon: change
      ? { id: 'loading~spin' }
      : overLimit
        ? { id: 'circle-slash', color: colors.warning }
        : stateIcon(state),
    tooltip: () => tooltip(endpoint, named, hardware, input),
    copyValue: oneLine(url ?? name, 500),
    url: endpointPage(namespace, name),
    can: [
      ...(change ? [] : actionsOf(endpoint).map(action => abilities[action])),
      ...(url === undefined ? [] : [rowAbilities.call]),
    ],
    endpoint: { namespace, name },
  });
}

const abilities: Readonly<Record<EndpointAction, RowAbility>> = {
  pause: rowAbilities.pause,
  resume: rowAbilities.resume,
  'scale-to-zero': rowAbilities.scaleToZero,
};

function stateFacts(endpoint: Endpoint, hardware: readonly HardwareQuota[]): string {
  const { state, message } = endpoint;
  if (isAsleep(endpoint)) return `${stateText(state)}, ${quotaText(endpoint)}`;
  const broken = isBroken(endpoint) && message;
  return joined([stateText(state), broken ? oneLine(message, 80) : replicasText(endpoint, hardware)]);
}

function tooltip(
  endpoint: Endpoint,
  named: NamedPart,
  hardware: readonly HardwareQuota[],
  input: ViewInput,
): string {
  const { namespace, vendor, region, message, repository, minReplicas, maxReplicas, scaleToZeroMinutes } =
    endpoint;
  const keepsReplica = minReplicas !== undefined && minReplicas >= 1;
  const idle = idleOf(endpoint, input);
  const lines = [
    joined([replicasText(endpoint, hardware), oneLine(vendor, 60), oneLine(region, 60), oneLine(namespace)]),
    repository,
    costText(endpoint, hardware, input.locale, shownPrice) === undefined &&
      l10n.t('Hugging Face sent no price for its hardware.'),
    minReplicas !== undefined &&
      maxReplicas !== undefined &&
      l10n.t('Scales from {0} to {1} replicas.', minReplicas, maxReplicas),
    scaleToZeroMinutes !== undefined &&
      !keepsReplica &&
      l10n.t('Scales to zero after {0} min without a request.', scaleToZeroMinutes),
    idle &&
      l10n.t(
        'No request for {0} (counted {1} by Hugging Face).',
        idleText(idle, input.locale),
        ageText(idle.readAt, input.serverNow, input.locale),
      ),
    hasSpentLimit(endpoint, input) && spendLimitSentence(),
    quotaSentence(endpoint),
    message && l10n.t('Hugging Face says: “{0}”', oneLine(message, 300)),
  ];
  return paragraphs(...lines.map(line => line && escapeMarkdown(line)), freshness(named, input));
}
