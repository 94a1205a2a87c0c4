import { actionsOf, type EndpointAction, isSameEndpoint } from '../../limits/account/endpointChange.ts';
import type { Endpoint } from '../../limits/account/endpoints.ts';
import { costText, replicasText } from '../account/endpointCostText.ts';
import { stateIcon, stateText } from '../account/endpointStateText.ts';
import { knownHardware } from '../account/knownHardware.ts';
import { joined } from '../text/counts.ts';
import { oneLine } from '../text/plainText.ts';
import { shownPrice } from '../text/prices.ts';
import type { ViewInput } from '../viewInput.ts';
import { knownEndpoints, resumedPrice } from './endpointFacts.ts';

export interface EndpointChoice {
  readonly label: string;
  readonly description: string;
  /** Codicon. */
  readonly icon: string;
  readonly value: Endpoint;
}

/**
 * Endpoints to pick from, by name, with what they cost, or will: `bert-prod  $0.80/h · running · 1 × L4 · ada`.
 * @param action only those that it makes sense for; undefined: all
 */
export function endpointChoices(input: ViewInput, action?: EndpointAction): EndpointChoice[] {
  const { snapshot, locale } = input;
  const hardware = knownHardware(snapshot);
  const isChanging = (endpoint: Endpoint) =>
    snapshot.endpointChanges?.some(change => isSameEndpoint(change, endpoint)) ?? false;
  return knownEndpoints(input)
    .filter(
      endpoint => action === undefined || (actionsOf(endpoint).includes(action) && !isChanging(endpoint)),
    )
    .toSorted((one, other) => byName.compare(one.name, other.name))
    .map(endpoint => ({
      label: oneLine(endpoint.name, 60),
      description: joined([
        (action === 'resume'
          ? resumedPrice(endpoint, input)
          : costText(endpoint, hardware, locale, shownPrice)) ?? '–',
        stateText(endpoint.state),
        replicasText(endpoint, hardware),
        oneLine(endpoint.namespace, 40),
      ]),
      icon: stateIcon(endpoint.state).id,
      value: endpoint,
    }));
}

const byName = new Intl.Collator('en', { numeric: true });
