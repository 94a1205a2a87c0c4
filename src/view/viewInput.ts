import type { Snapshot } from '../account/snapshot.ts';
import { type Payer, personalProfile } from '../billing/profile.ts';
import type { ProviderWindow } from '../limits/pacing/providerWindow.ts';
import type { Held } from './account/heldRequests.ts';
import type { RefusalFilter } from './refusals/refusalFilter.ts';
import type { GatewayUse } from './tree/gatewayUseRow.ts';

/** What the user chose, and what is known besides the snapshot. */
export interface FaceOptions {
  /** `auto`: what suits the account's plan. */
  readonly show: 'auto' | 'left' | 'used' | 'icon';
  /** The user's own monthly budget. */
  readonly budgetNanoUsd?: number;
  /** Who pays in this window; undefined: the account that is signed in. */
  readonly payer?: Payer;
  /** What went through the gateway this month; undefined: not known. */
  readonly gatewayUse?: GatewayUse;
  /** What gateways were told of providers' windows; undefined: nothing. */
  readonly providerWindows?: readonly ProviderWindow[];
  /** Requests that wait in the gateway of this window; undefined: none. */
  readonly held?: readonly Held[];
  /** The present pace of spending, from `burnRateNanoUsdPerHour`; undefined when it is not known. */
  readonly nanoUsdPerHour?: number;
  /** Which refusals the tree lists; undefined: all. */
  readonly refusalFilter?: RefusalFilter;
  /** IANA name; undefined: the machine's own. Hugging Face's months are UTC whatever it is. */
  readonly timeZone?: string;
}

/** Everything that a face is a function of. */
export interface FaceInput {
  readonly snapshot: Snapshot;
  readonly options: FaceOptions;
  readonly payer: Payer;
  /** Epoch ms by this computer's clock: for ages and countdowns. */
  readonly now: number;
  /** Epoch ms by Hugging Face's clock: for the times that it sets, such as its months. */
  readonly serverNow: number;
  /** BCP 47. */
  readonly locale: string;
}

export function faceInput(snapshot: Snapshot, options: FaceOptions, now: number, locale: string): FaceInput {
  const { payer = { chosen: personalProfile } } = options;
  return { snapshot, options, payer, now, serverNow: now + (snapshot.clockSkewMs ?? 0), locale };
}
