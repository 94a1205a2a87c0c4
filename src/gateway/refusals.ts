import type { Attempt } from '../billing/failover.ts';
import type { Refusal } from '../limits/refusals/refusal.ts';
import { closing, type GatewayError } from './errors.ts';
import { cancelled, lateAnswer, lateRefusal } from './pacing/turnedAway.ts';
import { Paying } from './paying.ts';
import type { ResponseHead } from './relay/responseHead.ts';
import { RefusedAnswer } from './upstream/refusedResponse.ts';
import { afterRefusal } from './upstream/retryDecision.ts';
import type { CountedRoute } from './upstream/routes.ts';

const refusalBodyMs = 3_000;

/**
 * What becomes of a request that upstream refuses, or that is not even sent: it waits and tries again, somebody else
 * pays for it, or its caller is told.
 */
export abstract class Refusals extends Paying {
  /** With the money of the one who pays now. */
  protected connectionTries = 0;
  #waits = 0;
  #refused: RefusedAnswer | undefined;
  /** The chosen payer's, when others were tried after it: it is told when none of them pays. */
  #chosens: RefusedAnswer | undefined;

  protected abstract tryUpstream(): void;

  protected override resume(): void {
    if (this.forgetsPayer()) this.#chosens = this.#refused = undefined;
    this.tryUpstream();
  }

  /**
   * Those for a limit, which some providers tell as a 400, 412 or 413; a provider that has no capacity; and of a
   * stand-in also that nobody lets it pay.
   */
  protected mayBeRefusal(status: number): boolean {
    if (status === 429 || status === 402 || status === 403) return true;
    if (status === 503 || status === 400 || status === 412 || status === 413) {
      return this.target?.kind !== 'hub';
    }
    return status === 401 && this.standsIn;
  }

  /** @param resume lets upstream go on. */
  protected refused(head: ResponseHead, route: CountedRoute, resume: () => void): void {
    this.state = 'refused';
    const refused = new RefusedAnswer(head, route, resume);
    this.#refused = refused;
    // it is read to be understood, but not waited for
    this.timer = this.hall.timers.setTimeout(() => this.#handOn(refused), refusalBodyMs);
  }

  protected refusedData(chunk: Buffer): void {
    if (this.#refused?.add(chunk) === false) this.#handOn(this.#refused);
  }

  protected refusedEnd(): void {
    if (this.#refused) this.#understand(this.#refused);
  }

  #understand(refused: RefusedAnswer): void {
    this.clearTimer();
    refused.isWhole = true;
    const { now, random, recorder, payers } = this.hall;
    const at = now();
    const found = refused.understand(at, this.modelId);
    const refusal = found && payers.explained(found);
    refused.refusal = refusal;
    if (refusal) recorder.refused(refusal);
    this.#count(refused);
    const step = afterRefusal({
      status: refused.head.status,
      headers: refused.headers,
      refusal,
      attempt: this.#waits,
      patienceMs: this.patienceEnd - at,
      now: at,
      random,
    });
    if (this.#mayTryAgain() && step.kind === 'wait') {
      const turn = this.takesTurnAgain();
      if (turn === 'late') this.#giveUp(refused, true);
      else this.#waits += 1;
      if (turn === 'go') this.waitsFor(step.delayMs);
    } else this.#giveUp(refused, step.kind === 'pass' && step.tooLong);
  }

  #mayTryAgain(): boolean {
    return this.intake?.isRepeatable === true && !this.hall.closing;
  }

  /** Tells the limits that it counts against, once. */
  #count(refused: RefusedAnswer): void {
    if (refused.isCounted) return;
    refused.isCounted = true;
    const { head, refusal } = refused;
    // an overloaded server may have another one beside it, and who asks it again is not us
    if (head.status === 503 && this.ticket) this.hall.pacing.ended(this.ticket);
    else if (refusal) this.refusedFor(head, refusal);
    else if (head.status === 429) this.refusedFor(head, { cause: 'unknown' });
    else this.gotThrough(head);
  }

  /** Nothing is left to wait for: somebody else pays, or the refusal is told. */
  #giveUp(refused: RefusedAnswer, tooLong: boolean): void {
    const again = this.#mayTryAgain();
    const next = this.nextPayer(refused.refusal, refused.head.status, this.#waits > 0);
    if (next && again) {
      if (!this.standsIn) this.#chosens = refused;
      this.#payWith(next);
    } else this.#handOn(this.#chosens ?? refused, tooLong);
  }

  protected override turnedAway(turn: 'late' | 'cancelled'): void {
    const { hall, route, ticket } = this;
    const refused = this.#refused;
    if (turn === 'cancelled' || !ticket || !route) this.failed(cancelled);
    else if (refused?.route.billedTo === route.billedTo) this.#giveUp(refused, true);
    else this.#late(lateRefusal(ticket, route.billedTo, this.modelId, hall.now()));
  }

  /** It was not even sent: others of the same limit were refused, or a window is known to be full. */
  #late(refusal: Refusal): void {
    const { hall } = this;
    const next = this.nextPayer(refusal, refusal.status, this.#waits > 0 || this.state === 'waiting');
    if (next) this.#payWith(next);
    else if (this.#chosens) this.#handOn(this.#chosens);
    else {
      hall.recorder.refused(refusal);
      hall.onRefusal(refusal);
      this.failed(lateAnswer(refusal, hall.now()));
    }
  }

  /**
   * The payer's money does not go there, or nothing could be sent. One who stands in was not the caller's choice: the
   * next one is tried, and at the end the chosen one's refusal is told, or asked for.
   */
  protected cannotServe(error: GatewayError): void {
    this.neverSent();
    const next = this.nextStandIn();
    if (next) this.#payWith(next);
    else if (this.#chosens) this.#handOn(this.#chosens);
    else this.failed(error);
  }

  #payWith(next: Attempt): void {
    this.payment = next;
    // that was said of somebody else's money
    this.#refused = undefined;
    this.connectionTries = 0;
    this.tryUpstream();
  }

  /** Passes a refusal on as it came, with what we know of it beside. */
  #handOn(refused: RefusedAnswer, tooLong = false): void {
    this.clearTimer();
    this.#count(refused);
    const { head, refusal, route, body, resume } = refused;
    this.route = route;
    if (refusal && !(this.hall.closing && this.state === 'waiting')) this.hall.onRefusal(refusal);
    const added = refused.added(tooLong, !this.isFree, this.hall.now());
    this.pass(head, [...head.headers, ...added], resume);
    for (const chunk of body) this.passData(chunk);
    if (refused.isWhole) this.end(null);
  }

  /** Who waits to try again is told what upstream said. */
  override hurry(): void {
    if (this.state !== 'waiting') return;
    const refused = this.#chosens ?? this.#refused;
    if (refused) this.#handOn(refused);
    else this.failed(closing);
  }
}
