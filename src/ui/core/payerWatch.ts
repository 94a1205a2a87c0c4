import { type ChoosingAccount, PayerStore, setEditorAccount } from '../../billing/payerStore.ts';
import {
  type BillingProfile,
  formatProfile,
  type Payer,
  payingProfile,
  type StandIn,
} from '../../billing/profile.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { LedgerWatch } from './ledgerWatch.ts';

/** Interval between checks for a write by the CLI, another window or the gateway. */
const checkEveryMs = 250;

export interface PayerWatchOptions {
  readonly ledger: Pick<Ledger, 'getPreference' | 'setPreference' | 'recordSwitch' | 'dataVersion'>;
  /** Undefined when no folder is open: the account's default then applies. */
  readonly workspace?: string;
  /** The signed-in account; undefined: none. */
  readonly account: () => ChoosingAccount | undefined;
  readonly now: () => number;
}

/** Watches payer and account of this window. The ledger shares the payer with all windows and the CLI. */
export class PayerWatch {
  readonly workspace: string | undefined;
  readonly #options: PayerWatchOptions;
  readonly #store: PayerStore;
  readonly #userDefault: PayerStore;
  /** Epoch ms. */
  #accountSince = Number.NEGATIVE_INFINITY;
  readonly #watch: LedgerWatch<string, { readonly payer: Payer; readonly account: string }>;

  constructor(options: PayerWatchOptions) {
    const { ledger, workspace, account, now } = options;
    this.#options = options;
    this.workspace = workspace;
    this.#store = new PayerStore(ledger, { workspace, account });
    this.#userDefault = new PayerStore(ledger, { account });
    let before: string | undefined;
    this.#watch = new LedgerWatch({
      ledger,
      // the fingerprint of a token differs with each token
      subject: () => JSON.stringify(account() ?? null),
      read: subject => {
        const present = account();
        // only after a change of this window's: two windows that follow one after the other would overwrite each other
        if (subject !== before) {
          if (present) setEditorAccount(ledger, present);
          this.#accountSince = now();
        }
        before = subject;
        return { payer: this.#store.payer, account: subject };
      },
      checkEveryMs,
    });
  }

  get payer(): Payer {
    return this.#watch.value.payer;
  }

  /** Fires when the profile, the stand-in, the token or its account changes. */
  onDidChange(listener: () => void): { dispose(): void } {
    return this.#watch.onDidChange(listener);
  }

  /** Reads payer and account at once, for callers that know of a change. */
  look(): void {
    this.#watch.look();
  }

  /** Applies a choice in this workspace, or in this one and all that have no choice of their own. */
  choose(profile: BillingProfile, where: 'here' | 'everywhere'): void {
    const { ledger, now } = this.#options;
    const everywhere = where === 'everywhere' || this.workspace === undefined;
    const from = formatProfile(payingProfile(everywhere ? this.#userDefault.payer : this.#store.payer));
    if (everywhere) {
      this.#userDefault.choose(profile);
      if (this.workspace !== undefined) this.#store.choose(undefined);
    } else this.#store.choose(profile);
    const to = formatProfile(profile);
    if (from !== to) {
      const workspace = everywhere ? undefined : this.workspace;
      ledger.recordSwitch({ at: now(), ...(workspace && { workspace }), from, to, reason: 'chosen' });
    }
    this.look();
  }

  /** Keeps the stand-in, whose switch the gateway has recorded; undefined: the chosen profile pays again. */
  standIn(standIn: StandIn | undefined): void {
    // of the account before, whose gateway reported it a moment ago
    if (standIn && standIn.since < this.#accountSince) return;
    this.#store.standIn(standIn);
    this.look();
  }

  dispose(): void {
    this.#watch.dispose();
  }
}
