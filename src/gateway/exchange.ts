import type { Dispatcher } from 'undici';
import type { Attempt } from '../billing/failover.ts';
import { type BillingProfile, sameProfile } from '../billing/profile.ts';
import { RouteRefusal } from '../billing/routeRefusal.ts';
import type { TrailedOptions } from '../hub/trailers.ts';
import type { Refusal } from '../limits/refusal.ts';
import { afterRefusal, patienceMs } from './attempts.ts';
import { closing, type GatewayError, gatewayFailed } from './errors.ts';
import type { GatewayRequest, GatewayResponse, Hall } from './hall.ts';
import type { Placed } from './inFlight.ts';
import { outgoingHeaders } from './outgoingHeaders.ts';
import { moneyReason, RefusedAnswer } from './refusedAnswer.ts';
import type { ModelSpan } from './requestModel.ts';
import { type RawHeaders, readResponseHead } from './responseHead.ts';
import type { Routes } from './routes.ts';
import { translate } from './translation.ts';
import { cancelled, lateAnswer, lateRefusal } from './turnedAway.ts';
import { Turns } from './turns.ts';
import { upstreamFailure } from './upstreamFailure.ts';

const refusalBodyMs = 3_000;
const mostConnectionTries = 2;

/** One request of a client, all its tries upstream, and the one response. Undici calls it as its handler. */
export class Exchange extends Turns implements Dispatcher.DispatchHandler, Placed {
  /** Among those in flight. */
  place = -1;
  /** Of the configuration under which it is tried. */
  #routes: Routes | undefined;
  #waits = 0;
  #connectionTries = 0;
  #refused: RefusedAnswer | undefined;
  /** The chosen payer's, when others were tried after it: it is told when none of them pays. */
  #chosens: RefusedAnswer | undefined;

  /** @param expectsContinue the client waits for a word before it sends the body. */
  constructor(hall: Hall, request: GatewayRequest, response: GatewayResponse, expectsContinue: boolean) {
    super(hall, request, response, expectsContinue);
    request.exchange = this;
    response.exchange = this;
    hall.inFlight.add(this);
  }

  protected override left(): void {
    this.hall.inFlight.delete(this);
  }

  override received(): void {
    if (this.state !== 'receiving') return;
    const { longestWaitMs } = this.hall.routes.config;
    const patience = patienceMs(longestWaitMs, this.head?.timeoutSeconds, this.target?.kind === 'hub');
    this.patienceEnd = this.at + patience;
    this.#try();
  }

  // To upstream

  #try(): void {
    const { routes, payers, log } = this.hall;
    this.#routes = routes;
    this.payment ??= this.isBilled ? payers.next() : payers.active();
    try {
      this.route = this.#routeOf(this.payment.profile);
    } catch (error) {
      if (!(error instanceof RouteRefusal)) log(`gateway: ${String(error)}`);
      this.#cannotServe(error instanceof RouteRefusal ? error : gatewayFailed);
      return;
    }
    if (this.route === undefined || !this.takesTurn(this.route)) return;
    const provider = this.route.translate;
    if (provider === undefined) this.#send(undefined);
    else this.#translate(provider);
  }

  /** @throws RouteRefusal */
  #routeOf(profile: BillingProfile) {
    const { target, method, intake, ownToken } = this;
    return target && this.#routes?.find(target, method, profile, intake?.model?.model, ownToken);
  }

  #canPay(profile: BillingProfile): boolean {
    try {
      return this.#routeOf(profile) !== undefined;
    } catch {
      return false;
    }
  }

  /** Asks for the provider's own name of the model. */
  #translate(provider: string): void {
    const span = this.intake?.model;
    if (span === undefined) return;
    this.state = 'sending';
    this.sent = false;
    const gone = new AbortController();
    this.abort = () => gone.abort();
    void translate(span, provider, this.hall.models, gone.signal).then(named => {
      if (this.state !== 'sending') return;
      if ('status' in named) this.#cannotServe(named);
      else this.#send(named);
    });
  }

  /** @param renamed the model as the provider names it, where the body has another name. */
  #send(renamed: ModelSpan | undefined): void {
    const { dispatcher } = this.hall;
    this.state = 'sending';
    this.abort = undefined;
    this.sent = false;
    const found = typeof dispatcher === 'function' ? dispatcher() : dispatcher;
    if (!(found instanceof Promise)) this.#dispatch(found, renamed);
    else {
      found.then(
        loaded => this.#dispatch(loaded, renamed),
        error => this.onError(error),
      );
    }
  }

  #dispatch(dispatcher: Dispatcher, renamed: ModelSpan | undefined): void {
    const { route, intake } = this;
    if (route === undefined || this.state !== 'sending') return;
    const { origin, path } = route;
    const sessionId = this.target?.kind === 'hub' ? undefined : this.#routes?.config.sessionId;
    try {
      const headers = outgoingHeaders(this.head, route, sessionId, intake?.outgoingLength(renamed));
      const body = intake?.outgoing(renamed) ?? null;
      // no time limits: the client has its own, and how long a model thinks is none of our business
      const request: TrailedOptions = {
        origin,
        path,
        method: this.method,
        headers,
        body,
        trailers: intake?.trailers,
        headersTimeout: 0,
        bodyTimeout: 0,
      };
      dispatcher.dispatch(request, this);
    } catch (error) {
      this.onError(error);
    }
  }

  #wait(delayMs: number): void {
    this.waits();
    this.timer = this.hall.timers.setTimeout(() => {
      this.timer = undefined;
      this.resume();
    }, delayMs);
  }

  protected override resume(): void {
    // who pays may have been changed meanwhile, and with what token or key
    const changed = this.#routes !== this.hall.routes;
    if (changed || this.payment?.passed.length === 0) this.payment = undefined;
    if (changed) this.#chosens = this.#refused = undefined;
    this.#try();
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
    const { hall, payment } = this;
    const reason = payment && this.isBilled && moneyReason(refusal, payment.profile, true);
    const next = reason && hall.payers.refused(payment, reason, profile => this.#canPay(profile));
    if (next) this.#payWith(next);
    else if (this.#chosens) this.#handOn(this.#chosens);
    else {
      hall.recorder.refused(refusal);
      hall.onRefusal(refusal);
      this.failed(lateAnswer(refusal, hall.now()));
    }
  }

  // From upstream

  onConnect(abort: (error?: Error) => void): void {
    this.abort = abort;
    this.sent = true;
    if (this.state === 'done') abort();
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    const { route } = this;
    if (status < 200 || this.state === 'done' || route === undefined) return true;
    const trailers = this.method !== 'HEAD' && this.request.httpVersionMinor >= 1;
    const rewrite = this.target?.kind === 'hub' ? this.hall.routes.rewriteLinks : undefined;
    const answer = readResponseHead(status, statusText, raw as RawHeaders, trailers, rewrite);
    if (status >= 400 && this.#mayBeRefusal(status)) {
      this.state = 'refused';
      const refused = new RefusedAnswer(answer, route, resume);
      this.#refused = refused;
      // it is read to be understood, but not waited for
      this.timer = this.hall.timers.setTimeout(() => this.#handOn(refused), refusalBodyMs);
      return true;
    }
    this.gotThrough(answer);
    if (status < 400) this.#paid(route.billedTo);
    if (!this.isFree) answer.headers.push('x-headroom-billed-to', route.billedTo);
    this.pass(answer, answer.headers, resume);
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.state === 'passing') return this.passData(chunk);
    if (this.state === 'refused' && this.#refused?.add(chunk) === false) this.#handOn(this.#refused);
    return true;
  }

  onComplete(trailers: RawHeaders | null): void {
    if (this.state === 'refused' && this.#refused) this.#understand(this.#refused);
    else if (this.state === 'passing') this.end(trailers);
  }

  onError(error: unknown): void {
    if (this.state === 'done') return;
    if (this.state === 'passing') {
      this.breakOff();
      return;
    }
    this.clearTimer();
    const failure = upstreamFailure(error, this.route?.origin ?? '', this.sent);
    const harmless = this.isHarmless && this.intake?.isRepeatable === true;
    const again = failure.kind === 'unsent' || (failure.kind === 'reset' && harmless);
    if (failure.kind === 'unsent') this.neverSent();
    else if (this.ticket) this.hall.pacing.ended(this.ticket);
    if (this.state !== 'refused' && again && ++this.#connectionTries <= mostConnectionTries) {
      this.#wait(failure.kind === 'unsent' ? Math.floor(100 + this.hall.random() * 200) : 0);
    } else if (this.sent) this.failed(failure.error);
    else this.#cannotServe(failure.error);
  }

  /** It was answered, and somebody is billed for it. */
  #paid(billedTo: string): void {
    if (!this.isBilled) return;
    this.hold = this.hall.payers.hold(billedTo);
    if (this.payment) this.hall.payers.succeeded(this.payment);
  }

  // Refusals

  /** Those for a limit; a provider that has no capacity; and of a stand-in also that nobody lets it pay. */
  #mayBeRefusal(status: number): boolean {
    if (status === 429 || status === 402 || status === 403) return true;
    if (status === 503) return this.target?.kind !== 'hub';
    return status === 401 && this.#standsIn();
  }

  #standsIn(): boolean {
    const chosen = this.#routes?.config.profile;
    return this.isBilled && !!this.payment && !!chosen && !sameProfile(this.payment.profile, chosen);
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
      this.#waits += 1;
      const turn = this.takesTurnAgain();
      if (turn === 'go') this.#wait(step.delayMs);
      if (turn === 'late') this.#giveUp(refused, true);
    } else this.#giveUp(refused, step.kind === 'pass' && step.tooLong);
  }

  #mayTryAgain(): boolean {
    return this.intake?.isRepeatable === true && !this.hall.closing;
  }

  /** Nothing is left to wait for: somebody else pays, or the refusal is told. */
  #giveUp(refused: RefusedAnswer, tooLong: boolean): void {
    const again = this.#mayTryAgain();
    const next = this.#nextPayer(refused, again);
    if (next && again) {
      if (!this.#standsIn()) this.#chosens = refused;
      this.#payWith(next);
    } else this.#handOn(this.#chosens ?? refused, tooLong);
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

  /** Who else pays for it, if anybody does. A token of the caller's own is its own money. */
  #nextPayer(refused: RefusedAnswer, waited: boolean): Attempt | undefined {
    const { payment } = this;
    const { refusal, head } = refused;
    if (!payment || !this.isBilled) return undefined;
    const { payers } = this.hall;
    const reason = refusal && moneyReason(refusal, payment.profile, waited);
    if (reason) return payers.refused(payment, reason, profile => this.#canPay(profile));
    const forbidden = (head.status === 401 || head.status === 403) && this.#standsIn();
    return forbidden ? payers.unable(payment, true, profile => this.#canPay(profile)) : undefined;
  }

  /**
   * The payer's money does not go there, or nothing could be sent. One who stands in was not the caller's choice: the
   * next one is tried, and at the end the chosen one's refusal is told, or asked for.
   */
  #cannotServe(error: GatewayError): void {
    const { payment } = this;
    this.neverSent();
    const next = payment && this.hall.payers.unable(payment, false, profile => this.#canPay(profile));
    if (next) this.#payWith(next);
    else if (this.#chosens) this.#handOn(this.#chosens);
    else this.failed(error);
  }

  #payWith(next: Attempt): void {
    this.payment = next;
    // that was said of somebody else's money
    this.#refused = undefined;
    this.#connectionTries = 0;
    this.#try();
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
