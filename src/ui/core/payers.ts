import { isDeepStrictEqual } from 'node:util';
import { PayerStore } from '../../billing/payerStore.ts';
import { type BillingProfile, formatProfile, type Payer, type StandIn } from '../../billing/profile.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { payingProfile } from '../../view/billing/payerText.ts';

/** How often is looked who pays: the CLI, another window or the gateway may have changed it. */
const heartbeatMs = 250;

export interface PayersOptions {
  readonly ledger: Pick<Ledger, 'getPreference' | 'setPreference' | 'recordSwitch' | 'dataVersion'>;
  /** Undefined when no folder is open: then the user's default is meant. */
  readonly workspace?: string;
  readonly now: () => number;
}

/** Who pays in this window: read from the ledger, which all windows and the CLI share, and followed there. */
export class Payers {
  readonly workspace: string | undefined;
  readonly #options: PayersOptions;
  readonly #store: PayerStore;
  readonly #byDefault: PayerStore;
  readonly #listeners = new Set<(payer: Payer, before: Payer) => void>();
  #current: Payer;
  #version: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PayersOptions) {
    this.#options = options;
    this.workspace = options.workspace;
    this.#store = new PayerStore(options.ledger, options.workspace);
    this.#byDefault = new PayerStore(options.ledger);
    this.#current = this.#store.payer;
  }

  get payer(): Payer {
    return this.#current;
  }

  /** Who pays where nobody chose. */
  get defaultProfile(): BillingProfile {
    return this.#byDefault.payer.chosen;
  }

  onDidChange(listener: (payer: Payer, before: Payer) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Follows the ledger until `dispose`. */
  start(): void {
    this.#timer ??= setInterval(() => this.#lookWhenWritten(), heartbeatMs);
  }

  /** Reads anew at once, for when the caller knows of a change. */
  look(): void {
    const before = this.#current;
    const payer = this.#store.payer;
    if (isDeepStrictEqual(payer, before)) return;
    this.#current = payer;
    for (const listener of this.#listeners) listener(payer, before);
  }

  /** What this window writes itself is looked at where it is written. */
  #lookWhenWritten(): void {
    const version = this.#options.ledger.dataVersion();
    if (version === this.#version) return;
    this.#version = version;
    this.look();
  }

  /** A person chose who pays: here, or wherever no other choice is made (and here, too). */
  choose(profile: BillingProfile, where: 'here' | 'everywhere'): void {
    const { ledger, now } = this.#options;
    const everywhere = where === 'everywhere' || this.workspace === undefined;
    const from = formatProfile(payingProfile(everywhere ? this.#byDefault.payer : this.#store.payer));
    if (everywhere) {
      this.#byDefault.choose(profile);
      if (this.workspace !== undefined) this.#store.followDefault();
    } else this.#store.choose(profile);
    const to = formatProfile(profile);
    if (from !== to) {
      const workspace = everywhere ? undefined : this.workspace;
      ledger.recordSwitch({ at: now(), ...(workspace && { workspace }), from, to, reason: 'chosen' });
    }
    this.look();
  }

  /** The gateway lets another one pay, and has written that down; undefined: the chosen one pays again. */
  standIn(standIn: StandIn | undefined): void {
    this.#store.standIn(standIn);
    this.look();
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }
}
