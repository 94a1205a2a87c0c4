import type { Snapshot } from '../account/snapshot.ts';
import type { BillingProfile, Payer } from '../billing/profile.ts';
import type { RateWindow } from '../limits/headers/rateLimit.ts';
import type { ProviderWindow } from '../limits/pacing/providerWindow.ts';
import type { TallyTotal, WorkspaceUse } from '../limits/requests/requestTally.ts';
import type { BudgetState } from './account/budgetState.ts';
import type { Held } from './account/heldRequests.ts';
import type { RefusalFilter } from './refusals/refusalFilter.ts';

/** Everything that a view model is a function of. */
export interface ViewInput {
  readonly snapshot: Snapshot;
  /** Pays for the requests of this window. */
  readonly payer: Payer;
  /** This month's requests through gateways; undefined: not known. */
  readonly gatewayUse?: GatewayUse;
  /** This workspace's requests since the local midnight; undefined: not known. */
  readonly today?: WorkspaceUse;
  /** Of payers that may pay, those that are set; undefined: not known. `budgetModels` says which are paused. */
  readonly budgets?: readonly BudgetState[];
  /** The Hub's windows of the shown account, as gateways learned of them. */
  readonly learnedHubWindows: readonly RateWindow[];
  /** Providers' windows, as gateways learned of them. */
  readonly providerWindows: readonly ProviderWindow[];
  /** Requests that wait in this window's gateway, the longest wait first. */
  readonly held: readonly Held[];
  readonly settings: ViewSettings;
  /** Which refusals the tree lists; undefined: all. */
  readonly refusalFilter?: RefusalFilter;
  /** Epoch ms by this computer's clock, for ages and countdowns. */
  readonly now: number;
  /** Epoch ms by Hugging Face's clock, for its months and resets. */
  readonly serverNow: number;
  /** BCP 47. */
  readonly locale: string;
  /** IANA name; undefined: this computer's. Hugging Face's months are UTC. */
  readonly timeZone?: string;
}

/** The user's settings for the views. */
export interface ViewSettings {
  /** The status bar's amount; `auto`: by the account's plan. */
  readonly show: 'auto' | 'left' | 'used' | 'icon';
  /** The user's own monthly budget. */
  readonly budgetNanoUsd?: number;
  /** Pay in this order while the chosen profile is refused. */
  readonly failover?: readonly BillingProfile[];
  /** Limits that the user wants no notice of, by their ids. */
  readonly mutedLimits?: readonly string[];
}

/** One month's requests through gateways, this window's and others'. */
export interface GatewayUse {
  /** Epoch ms at which the month began by Hugging Face's clock. */
  readonly since: number;
  /** From the ledger's `tallyTotals`. */
  readonly totals: readonly TallyTotal[];
}
