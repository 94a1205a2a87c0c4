import * as l10n from '@vscode/l10n';
import { isSameEndpoint } from '../../limits/account/endpointChange.ts';
import type { Endpoint } from '../../limits/account/endpoints.ts';
import { mayChangeEndpoints } from '../../limits/account/tokenPermissions.ts';
import { costText } from '../account/endpointCostText.ts';
import { type Idle, idleOf, idleText } from '../account/endpointIdle.ts';
import { knownHardware } from '../account/knownHardware.ts';
import { commands } from '../contributions.ts';
import { localDays } from '../dashboard/civilDays.ts';
import { endpointRowId, knownEndpoints } from '../endpoints/endpointFacts.ts';
import { oneLine } from '../text/plainText.ts';
import { shownPrice } from '../text/prices.ts';
import type { ViewInput } from '../viewInput.ts';
import type { LimitState } from './limitState.ts';

/** An older reading may be from before a request. */
const liveMs = 15 * 60_000;

/** Endpoints without a request for hours, that this token may stop: a suggestion a day, and no badge. */
export function idleEndpoints(input: ViewInput): LimitState[] {
  const { snapshot, serverNow } = input;
  const account = snapshot.account.value;
  return knownEndpoints(input).flatMap(endpoint => {
    const idle = idleOf(endpoint, input);
    if (!idle || Math.abs(serverNow - idle.readAt) > liveMs) return [];
    if (!account || !mayChangeEndpoints(account, endpoint.namespace)) return [];
    if (snapshot.endpointChanges?.some(change => isSameEndpoint(change, endpoint))) return [];
    const argument = endpointRowId(endpoint);
    return {
      id: `idle:${endpoint.namespace}/${endpoint.name}`,
      level: 'low',
      size: 0,
      resetsAt: nextDay(idle.readAt, input),
      readAt: idle.readAt,
      isLive: true,
      isDaily: true,
      sentence: sentenceOf(endpoint, idle, input),
      actions: [
        { label: l10n.t('Scale to zero…'), command: commands.scaleEndpointToZero, argument },
        { label: l10n.t('Pause…'), command: commands.pauseEndpoint, argument },
      ],
    };
  });
}

function sentenceOf(endpoint: Endpoint, idle: Idle, { snapshot, locale }: ViewInput): string {
  const name = `${oneLine(endpoint.namespace, 40)}/${oneLine(endpoint.name, 60)}`;
  const span = idleText(idle, locale);
  const cost = costText(endpoint, knownHardware(snapshot), locale, shownPrice);
  return [
    cost === undefined
      ? l10n.t('{0} has had no request for {1}. Hugging Face sent no price for it.', name, span)
      : l10n.t('{0} has had no request for {1}, and costs {2}.', name, span, cost),
    l10n.t(
      'Scaled to zero it costs nothing, keeps its place in the quota, and the next request wakes it within minutes.',
    ),
  ].join(' ');
}

/** The local midnight after a time. Both by Hugging Face's clock. */
function nextDay(at: number, { now, serverNow, timeZone }: ViewInput): number {
  const skewMs = serverNow - now;
  const days = localDays(timeZone);
  return days.start(days.at(at - skewMs) + 1) + skewMs;
}
