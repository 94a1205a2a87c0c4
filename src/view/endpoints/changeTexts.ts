import * as l10n from '@vscode/l10n';
import {
  type ChangeOutcome,
  type EndpointAction,
  namesSpendLimit,
} from '../../limits/account/endpointChange.ts';
import type { Endpoint } from '../../limits/account/endpoints.ts';
import { costText } from '../account/endpointCostText.ts';
import { isAsleep, stateText } from '../account/endpointStateText.ts';
import { knownHardware } from '../account/knownHardware.ts';
import { oneLine } from '../text/plainText.ts';
import { shownPrice } from '../text/prices.ts';
import type { ViewInput } from '../viewInput.ts';
import { quotaShare, resumedPrice, shareText } from './endpointFacts.ts';

/** A modal question before a change: its price, then its consequence. */
export interface ChangeQuestion {
  readonly message: string;
  readonly detail: string;
  /** The button's. */
  readonly label: string;
  /** The quota has no room for it. */
  readonly isFull: boolean;
}

export function changeQuestion(endpoint: Endpoint, action: EndpointAction, input: ViewInput): ChangeQuestion {
  if (action === 'resume') return resumeQuestion(endpoint, input);
  const name = oneLine(endpoint.name, 60);
  const cost = costText(endpoint, knownHardware(input.snapshot), input.locale, shownPrice);
  const now = isAsleep(endpoint)
    ? l10n.t('It costs nothing now.')
    : cost === undefined
      ? l10n.t('What it costs is not known: Hugging Face sent no price.')
      : l10n.t('It costs {0} now.', cost);
  const share = quotaShare(endpoint, input);
  const [message, consequence, quota, label] =
    action === 'pause'
      ? [
          l10n.t('Pause {0}? {1}', name, now),
          l10n.t('Paused, it costs nothing and answers nothing until it is resumed by hand.'),
          share && l10n.t('It frees {0}.', share.text),
          l10n.t('Pause'),
        ]
      : [
          l10n.t('Scale {0} to zero? {1}', name, now),
          l10n.t('It then costs nothing until a request comes, which waits for minutes.'),
          share && l10n.t('It keeps counting against {0}.', share.text),
          l10n.t('Scale to zero'),
        ];
  return { message, detail: sentences(consequence, quota ?? unknownQuota()), label, isFull: false };
}

function resumeQuestion(endpoint: Endpoint, input: ViewInput): ChangeQuestion {
  const name = oneLine(endpoint.name, 60);
  const price = resumedPrice(endpoint, input);
  const share = quotaShare(endpoint, input);
  const { used, max } = share?.compute ?? {};
  const isFull = share !== undefined && used !== undefined && max !== undefined && used + share.takes > max;
  const room = share ? l10n.t('It takes {0}.', share.text) : unknownQuota();
  const noRoom =
    share &&
    l10n.t(
      '{0} are in use, so Hugging Face will probably refuse. Pause another endpoint (scaled to zero still counts), or ask for more.',
      shareText(used ?? 0, share.compute, input.locale),
    );
  return {
    message:
      price === undefined
        ? l10n.t('Resume {0}? What it will cost is not known: Hugging Face sent no price.', name)
        : l10n.t('Resume {0}? It costs {1} from now on.', name, price),
    detail: sentences(
      l10n.t('Its start takes minutes, and is billed as soon as it initializes.'),
      isFull ? noRoom : room,
    ),
    label: l10n.t('Resume'),
    isFull,
  };
}

function unknownQuota(): string {
  return l10n.t('How much of the quota that is, is not known.');
}

function sentences(...texts: (string | undefined)[]): string {
  return texts.filter(Boolean).join(' ');
}

/** The row while Headroom waits: `pausing…`. */
export function changingText(action: EndpointAction): string {
  switch (action) {
    case 'pause':
      return l10n.t('pausing…');
    case 'resume':
      return l10n.t('starting…');
    case 'scale-to-zero':
      return l10n.t('scaling to zero…');
  }
}

/** The title of the progress, whose Cancel changes nothing at Hugging Face. */
export function progressTitle(action: EndpointAction, endpoint: Endpoint): string {
  const name = oneLine(endpoint.name, 60);
  switch (action) {
    case 'pause':
      return l10n.t('Pausing {0} (Cancel only stops watching)', name);
    case 'resume':
      return l10n.t('Starting {0} (Cancel only stops watching)', name);
    case 'scale-to-zero':
      return l10n.t('Scaling {0} to zero (Cancel only stops watching)', name);
  }
}

/** What became of a change. @param after the endpoint as last read */
export function outcomeText(
  action: EndpointAction,
  outcome: ChangeOutcome | 'still',
  after: Endpoint,
  minutes: number,
  input: ViewInput,
): string {
  const name = oneLine(after.name, 60);
  switch (outcome) {
    case 'reached':
      return reachedText(action, after, input);
    case 'gone':
      return l10n.t('{0} is no longer there: it was deleted.', name);
    case 'still':
      return l10n.t(
        '{0} is still “{1}” after {2} min. Hugging Face goes on, and the tree shows it.',
        name,
        stateText(after.state),
        minutes,
      );
    case 'failed':
      if (namesSpendLimit(after)) {
        return l10n.t(
          '{0} did not start: its resource group has reached its spending limit. The group’s admins can raise it.',
          name,
        );
      }
      return after.message
        ? l10n.t('{0} did not start. Hugging Face says: “{1}”', name, oneLine(after.message, 200))
        : l10n.t('{0} did not start, and Hugging Face does not say why.', name);
  }
}

function reachedText(action: EndpointAction, after: Endpoint, input: ViewInput): string {
  const name = oneLine(after.name, 60);
  if (action === 'scale-to-zero') {
    return l10n.t('{0} is scaled to zero: it costs nothing until a request comes.', name);
  }
  if (action === 'pause') {
    const share = quotaShare(after, input);
    return share
      ? l10n.t('{0} is paused and costs nothing. It freed {1}.', name, share.text)
      : l10n.t('{0} is paused and costs nothing.', name);
  }
  const price = costText(after, knownHardware(input.snapshot), input.locale, shownPrice);
  return price === undefined
    ? l10n.t('{0} is running. What it costs is not known.', name)
    : l10n.t('{0} is running, at {1}.', name, price);
}
