import { placeholderNanoUsd } from '../account/credits.ts';
import type { PayerBalance } from '../account/payerBalance.ts';
import { settlingMs } from '../refusals/unsettled.ts';
import { Gate } from './gate.ts';
import type { Wait } from './paceTicket.ts';

/** HF asks providers for the cost every minute: after that it still holds only some placeholders. */
const usualSettlingMs = 60_000;
const mostOpen = 2000;

/** Holds a request while its placeholder does not fit beside those of unsettled requests. */
export class PacePayer {
  gate = new Gate();
  #balance: PayerBalance | undefined;
  /** Epoch ms at which unsettled requests were sent, oldest first. */
  #open: number[] = [];
  /** Epoch ms. */
  #refusedSentAt = Number.NEGATIVE_INFINITY;

  report(balance: PayerBalance, now: number): void {
    if (balance.asOf < (this.#balance?.asOf ?? 0)) return;
    this.#balance = balance;
    const { usedNanoUsd, limitNanoUsd, leftNanoUsd = 0, asOf } = balance;
    const left = limitNanoUsd === undefined ? leftNanoUsd : limitNanoUsd - usedNanoUsd;
    if (asOf > this.gate.closedAt && left >= placeholderNanoUsd) this.gate.tryAgain(now);
  }

  /** The payer's money paid for the request that was sent then. */
  answered(sentAt: number, now: number): void {
    this.gate.passed(sentAt, now);
    if (sentAt > this.#refusedSentAt) this.gate.tryAgain(now);
  }

  /** Hugging Face's hold refused the request that was sent then. @param until epoch ms */
  refused(until: number, now: number, sentAt: number): void {
    this.#refusedSentAt = Math.max(this.#refusedSentAt, sentAt);
    this.gate.close(until, now, sentAt);
  }

  /** Undefined: the next request may go. Without `until` it is a prediction. */
  wait(now: number): Wait | undefined {
    const refused = this.gate.wait(now);
    if (refused) return refused;
    const lookAt = this.#settlesAt(now);
    return lookAt === 0 ? undefined : { lookAt };
  }

  /** 0: a placeholder fits. Else epoch ms at which to look again. */
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
    // the excess is spent, not held by placeholders: waiting does not help
    if (missing <= 0 || missing > held) return 0;
    return (this.#open[this.#open.length - held + missing - 1] ?? now) + usualSettlingMs;
  }

  sent(now: number): void {
    this.gate.sent(now);
    this.#open.push(now);
    const old = this.#open.findIndex(at => now - at < settlingMs);
    if (old > 64 || this.#open.length > mostOpen) this.#open.splice(0, Math.max(old, 1));
  }

  forget(): void {
    this.gate = new Gate();
    this.#open = [];
    this.#balance = undefined;
    this.#refusedSentAt = Number.NEGATIVE_INFINITY;
  }

  /** HF bills nothing for the request that was sent then. */
  unbilled(sentAt: number): void {
    const at = this.#open.lastIndexOf(sentAt);
    if (at >= 0) this.#open.splice(at, 1);
  }
}
