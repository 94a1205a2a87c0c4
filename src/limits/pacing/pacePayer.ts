import { placeholderNanoUsd } from '../account/credits.ts';
import type { PayerBalance } from '../account/payerBalance.ts';
import { settlingMs } from '../refusals/unsettled.ts';
import { Gate } from './gate.ts';

/** Hugging Face asks providers every minute: later than that only some placeholders are still held. */
const usualSettlingMs = 60_000;
const mostOpen = 2000;

/** Holds requests whose placeholders would not fit until those before them are settled. */
export class PacePayer {
  readonly gate = new Gate();
  #balance: PayerBalance | undefined;
  /** When those were sent that may not be settled, oldest first. */
  #open: number[] = [];

  told(balance: PayerBalance): void {
    if (balance.asOf >= (this.#balance?.asOf ?? 0)) this.#balance = balance;
  }

  /** 0: it may go. Else when to look again. */
  opensAt(now: number): number {
    return Math.max(this.gate.opensAt(now), this.#settlesAt(now));
  }

  #settlesAt(now: number): number {
    const { usedNanoUsd, limitNanoUsd, asOf } = this.#balance ?? { usedNanoUsd: 0, asOf: 0 };
    if (limitNanoUsd === undefined || limitNanoUsd <= 0) return 0;
    let held = 0;
    let settledSince = 0;
    let sentSince = 0;
    for (const at of this.#open) {
      if (at > asOf && now - at < usualSettlingMs) sentSince += 1;
      else if (at <= asOf && asOf - at < usualSettlingMs && now - at >= usualSettlingMs) settledSince += 1;
      if (now - at < usualSettlingMs) held += 1;
    }
    const used = usedNanoUsd + (sentSince - settledSince) * placeholderNanoUsd;
    const missing = Math.ceil((used + placeholderNanoUsd - limitNanoUsd) / placeholderNanoUsd);
    // more is spent than what our placeholders hold: waiting does not help
    if (missing <= 0 || missing > held) return 0;
    return (this.#open[this.#open.length - held + missing - 1] ?? now) + usualSettlingMs;
  }

  sent(now: number): void {
    this.gate.sent(now);
    this.#open.push(now);
    const old = this.#open.findIndex(at => now - at < settlingMs);
    if (old > 64 || this.#open.length > mostOpen) this.#open.splice(0, Math.max(old, 1));
  }

  forgetTimes(): void {
    this.gate.open();
    this.#open = [];
    this.#balance = undefined;
  }

  /** It is not billed. */
  unbilled(sentAt: number): void {
    const at = this.#open.lastIndexOf(sentAt);
    if (at >= 0) this.#open.splice(at, 1);
  }
}
