import type { InboundRequest } from '../admission/inboundRequest.ts';
import type { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../gatewayContext.ts';
import { Turn, type TurnResult } from '../pacing/turn.ts';
import { isShort, type RawHeaders, type ResponseHead, readResponseHead } from '../relay/responseHead.ts';
import { FailedTries, type NextStep } from './failedTries.ts';
import { PayerSelection } from './payerSelection.ts';
import type { UnsettledRequest } from './payers.ts';
import { RefusedResponse } from './refusedResponse.ts';
import { Reserved } from './reserved.ts';
import { mayBeRefusal, patienceMs } from './retryDecision.ts';
import { illegalAnswer, upstreamFailure } from './upstreamFailure.ts';
import { type TriesListener, type UpstreamListener, UpstreamTry } from './upstreamTry.ts';

/** A refusal is read to be classified, but not waited for. */
const refusalBodyMs = 3_000;

type State =
  | { readonly kind: 'idle' }
  /** In front of a limit, until the turn comes. */
  | { readonly kind: 'held' }
  /** Until the next try. */
  | { readonly kind: 'backing-off'; readonly timer: object | number }
  /** Until a response begins. */
  | { readonly kind: 'sending' }
  /** Until the refusal is read. */
  | { readonly kind: 'refused'; readonly refused: RefusedResponse; readonly timer: object | number }
  /** The exchange relays a response, or has ended. */
  | { readonly kind: 'ended' };

/** The result of the tries, for the ledger. */
export type Outcome = NonNullable<ReturnType<UpstreamTries['end']>>;

/** The tries of one request upstream: turn after turn, payer after payer, until a response is relayed. */
export class UpstreamTries implements UpstreamListener {
  readonly #context: GatewayContext;
  readonly #request: InboundRequest;
  readonly #listener: TriesListener;
  readonly #payer: PayerSelection;
  readonly #reserved: Reserved;
  readonly #turn: Turn;
  /** Made at the first failed try. */
  #failedTries: FailedTries | undefined;
  #state: State = { kind: 'idle' };
  /** Epoch ms until which the caller waits. */
  #patienceEnd = 0;
  /** The last one. */
  #try: UpstreamTry | undefined;
  /** Of a relayed response that limits and payer don't know yet. */
  #unreported: ResponseHead | undefined;
  #unsettled: UnsettledRequest | undefined;

  constructor(context: GatewayContext, request: InboundRequest, listener: TriesListener) {
    this.#context = context;
    this.#request = request;
    this.#listener = listener;
    this.#payer = new PayerSelection(context, request);
    this.#reserved = new Reserved(context, request);
    this.#turn = new Turn(context, request, result => listener.step(() => this.#turnCame(result)));
  }

  begin(): void {
    const { head, isHub, receivedAt } = this.#request;
    const { longestWaitMs } = this.#context.routes.config;
    this.#patienceEnd = receivedAt + patienceMs(longestWaitMs, head.timeoutSeconds, isHub);
    this.#next();
  }

  #next(): void {
    const route = this.#payer.route();
    if (!route) return;
    if ('status' in route) {
      this.#unsendable(route);
      return;
    }
    const instead = this.#reserved.instead(route, this.#patienceEnd);
    if (instead) {
      this.#take(instead);
      return;
    }
    this.#try = new UpstreamTry(this.#context, this.#request, route, this.#payer.sessionId(route), this);
    const admission = this.#turn.take(route, this.#patienceEnd);
    if (admission === 'late') this.#take(this.#failed.afterTurn('late', route, false));
    else if (admission === 'hold') {
      this.#take({ kind: 'wait-for-turn' });
      this.#request.body?.readAhead();
      if (this.#context.closing) this.hurry();
    } else {
      this.#enter({ kind: 'sending' });
      this.#try.start();
    }
  }

  /** Takes the step after a try without a response to relay. */
  #take(step: NextStep): void {
    switch (step.kind) {
      case 'wait-for-turn':
        this.#enter({ kind: 'held' });
        this.#payer.released(false);
        break;
      case 'back-off':
        this.#enter({ kind: 'backing-off', timer: this.#after(step.delayMs, () => this.#again()) });
        this.#payer.released(false);
        break;
      case 'pay-with':
        this.#payer.use(step.attempt);
        this.#next();
        break;
      case 'pass-on':
        this.#passOn(step.refused, step.tooLong);
        break;
      case 'respond':
        this.#listener.respond(step.error);
    }
  }

  #again(): void {
    if (this.#payer.reconsider()) this.#failedTries?.forget();
    this.#next();
  }

  #turnCame(result: TurnResult): void {
    if (this.#state.kind !== 'held') return;
    if (result === 'go') this.#again();
    else if (this.#try) this.#take(this.#failed.afterTurn(result, this.#try.route, true));
  }

  responseStarted(status: number, statusText: string, raw: RawHeaders): void {
    this.#listener.step(() => {
      const source = this.#try;
      if (!source || this.#state.kind !== 'sending') return;
      const { method, message, isHub, isFree } = this.#request;
      const head = readResponseHead(status, statusText, raw, {
        toHead: method === 'HEAD',
        minor: message.httpVersionMinor,
        ...(isHub && { rewrite: this.#context.routes.linksTo(this.#request.hubAddress) }),
      });
      if (!head) {
        this.#turn.ended();
        this.#listener.respond(illegalAnswer(source.route.origin, status));
        return;
      }
      if (mayBeRefusal(status, isHub, this.#payer.isStandIn)) {
        const refused = new RefusedResponse(head, source);
        this.#failed.add(refused);
        const timer = this.#after(refusalBodyMs, () => this.#passOn(refused, false));
        this.#enter({ kind: 'refused', refused, timer });
        return;
      }
      if (!isFree) head.headers.push('x-headroom-billed-to', source.route.billedTo);
      this.#enter({ kind: 'ended' });
      this.#listener.relay(head, head.headers, source);
      this.#unreported = head;
      // when the first bytes are on their way; a short response has ended by then
      if (!isShort(head)) process.nextTick(() => this.#listener.step(() => this.#report()));
    });
  }

  responseData(chunk: Buffer): void {
    this.#listener.step(() => {
      if (this.#state.kind === 'refused' && !this.#state.refused.add(chunk)) {
        this.#passOn(this.#state.refused, false);
      }
    });
  }

  responseEnded(trailers: RawHeaders): void {
    this.#listener.step(() => {
      const state = this.#state;
      if (state.kind !== 'refused') return;
      const text = state.refused.complete(trailers);
      if (typeof text === 'string') this.#read(state.refused, text);
      else {
        void text.then(read =>
          this.#listener.step(() => {
            if (this.#state === state) this.#read(state.refused, read);
          }),
        );
      }
    });
  }

  responseFailed(error: unknown): void {
    this.#listener.step(() => {
      const failure = upstreamFailure(error, this.#try?.route.origin ?? '', this.isSent);
      if (failure.kind === 'unsent') this.#turn.withdrawn();
      else this.#turn.ended();
      if (this.#state.kind === 'refused') this.#listener.respond(failure.error);
      else this.#take(this.#failed.afterFailure(failure, this.isSent));
    });
  }

  unsendable(error: GatewayError): void {
    this.#listener.step(() => this.#unsendable(error));
  }

  #unsendable(error: GatewayError): void {
    this.#turn.withdrawn();
    this.#take(this.#failed.afterUnsendable(error));
  }

  #read(refused: RefusedResponse, text: string): void {
    this.#take(this.#failed.afterResponse(refused, text, this.#patienceEnd));
  }

  /** Relays a refusal as it came, explained by headers of our own. */
  #passOn(refused: RefusedResponse, tooLong: boolean): void {
    const { head, refusal, source, trailers } = refused;
    refused.reportTo(this.#turn);
    if (refusal && !(this.#context.closing && this.#isWaiting)) this.#context.onRefusal(refusal);
    const added = refused.explanation(tooLong, !this.#request.isFree, this.#context.now());
    this.#try = source;
    this.#enter({ kind: 'ended' });
    this.#listener.relay(head, [...head.headers, ...added], source);
    for (const chunk of refused.body) this.#listener.responseData(chunk);
    if (trailers) this.#listener.responseEnded(trailers.raw);
  }

  /** Reports a relayed response to the limits and the payer. */
  #report(): void {
    const head = this.#unreported;
    this.#unreported = undefined;
    if (!head || !this.#try) return;
    this.#turn.answered(head);
    if (head.status < 400) this.#unsettled = this.#payer.succeeded(this.#try.route.billedTo);
  }

  step(run: () => void): void {
    this.#listener.step(run);
  }

  get isSent(): boolean {
    return this.#try?.isSent === true;
  }

  /** A held request is answered: the gateway closes. */
  hurry(): void {
    if (this.#isWaiting) this.#take(this.#failed.atClose());
  }

  unhold(): void {
    this.#turn.forget();
    this.#turnCame('go');
  }

  /** @param isServerError upstream failed, which says nothing of the payer's money */
  stop(isServerError: boolean): void {
    this.#payer.released(isServerError);
    this.#try?.abandon();
  }

  /** Undefined when no try had a route. @param status of the relayed response */
  end(status: number | undefined) {
    this.#report();
    this.#enter({ kind: 'ended' });
    this.#turn.ended();
    const reservation = this.#reserved.end(this.isSent);
    if (!this.#try) return undefined;
    if (status !== undefined) this.#payer.released(status >= 500);
    return {
      route: this.#try.route,
      unsettled: this.#unsettled,
      ticket: this.#turn.ticket,
      reservation,
      isSent: this.isSent,
    };
  }

  get #failed(): FailedTries {
    this.#failedTries ??= new FailedTries(this.#context, this.#request, this.#payer, this.#turn);
    return this.#failedTries;
  }

  get #isWaiting(): boolean {
    return this.#state.kind === 'held' || this.#state.kind === 'backing-off';
  }

  #enter(next: State): void {
    if ('timer' in this.#state) this.#context.timers.clearTimeout(this.#state.timer);
    this.#state = next;
  }

  #after(delayMs: number, run: () => void): object | number {
    return this.#context.timers.setTimeout(() => this.#listener.step(run), delayMs);
  }
}
