import type { Attempt } from '../billing/failover.ts';
import type { PaceTicket } from '../limits/pacing/paceTicket.ts';
import { isMessages } from './admission/targets.ts';
import { Asked } from './asked.ts';
import { errorAnswer, type GatewayError } from './errors.ts';
import type { GatewayRequest, GatewayResponse, Hall } from './gatewayContext.ts';
import { Relay } from './relay/relay.ts';
import type { RawHeaders, ResponseHead } from './relay/responseHead.ts';
import { shortened } from './shortened.ts';
import type { Hold } from './upstream/payerSelection.ts';
import type { CountedRoute } from './upstream/routes.ts';

/** How long the rest of an unwanted upload is read. */
const lingerMs = 30_000;

/**
 * `receiving` the request, `sending` it until upstream answers, reading why it was `refused`, `waiting` to try again,
 * `passing` the answer on, `done`.
 */
type State = 'receiving' | 'sending' | 'refused' | 'waiting' | 'passing' | 'done';

/** The one response to a request: an upstream's, or an error of our own; and what is written down of it. */
export abstract class Answering extends Asked {
  protected state: State = 'receiving';
  /** With whose money it is tried. */
  protected payment: Attempt | undefined;
  /** Its turn in front of the limits that it counts against. */
  protected ticket: PaceTicket | undefined;
  protected route: CountedRoute | undefined;
  protected abort: ((error?: Error) => void) | undefined;
  /** A part of the request was written to a connection. */
  protected sent = false;
  protected timer: object | number | undefined;
  protected answer: ResponseHead | undefined;
  protected hold: Hold | undefined;
  #relay: Relay | undefined;

  constructor(hall: Hall, request: GatewayRequest, response: GatewayResponse, expectsContinue: boolean) {
    super(hall, request, response, expectsContinue);
    response.on('close', onResponseClose);
  }

  /** @param resume lets upstream go on. */
  protected pass(answer: ResponseHead, headers: string[], resume: () => void): void {
    this.state = 'passing';
    this.answer = answer;
    const usage = isMessages(this.request.url ?? '') ? 'usage-of-messages' : 'usage';
    const observes = this.isFree ? 'nothing' : usage;
    this.#relay = new Relay(this.response, answer, headers, resume, observes);
  }

  /** False: upstream is to wait. */
  protected passData(chunk: Buffer): boolean {
    return this.#relay?.data(chunk) ?? true;
  }

  protected end(trailers: RawHeaders | null): void {
    this.#relay?.end(trailers);
    this.#record();
  }

  protected breakOff(): void {
    this.#record();
    this.#relay?.breakOff();
  }

  drained(): void {
    this.#relay?.drained();
  }

  /** Answers in upstream's place. */
  override failed(error: GatewayError): void {
    if (this.state === 'done' || this.state === 'passing') return;
    this.clearTimer();
    this.answer = undefined;
    const { target, request, response, intake } = this;
    const kind = target?.kind ?? (request.url?.startsWith('/hub/') ? 'hub' : 'router');
    const { headers, body } = errorAnswer(error, kind);
    // it may have been done, and SDKs would send it again by themselves
    if (error.status >= 500 && this.sent && !this.isHarmless) headers.push('x-should-retry', 'false');
    // it would not know whether its body is still wanted
    if (this.expectsContinue) headers.push('connection', 'close');
    if (this.payment) this.hall.payers.released(this.payment, error.status >= 500);
    this.#record();
    if (intake) intake.drop();
    else request.resume();
    response.writeHead(error.status, headers);
    response.end(body);
  }

  /** The response has been sent, or can't be any more. */
  closed(): void {
    const { hall, request, payment } = this;
    const unfinished = this.state !== 'done';
    this.clearTimer();
    if (unfinished && payment) hall.payers.released(payment, false);
    this.#record();
    if (unfinished) this.abort?.(new Error('The client has gone'));
    this.intake?.drop();
    this.left();
    if (hall.closing) hall.onLeft();
    if (request.complete || request.socket.destroyed) return;
    hall.timers.setTimeout(() => {
      if (!request.complete) request.socket.destroy();
    }, lingerMs);
  }

  /** Whatever its answer tells is known before it is recorded. */
  protected abstract takeIn(): void;

  /** It is not in flight any more. */
  protected abstract left(): void;

  protected clearTimer(): void {
    if (this.timer !== undefined) this.hall.timers.clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Ends the exchange, once. */
  #record(): void {
    if (this.state === 'done') return;
    this.takeIn();
    this.state = 'done';
    this.intake?.forget();
    const { route, answer, hall, payment, ticket } = this;
    if (ticket) hall.pacing.ended(ticket);
    if (route === undefined) return;
    const status = answer?.status ?? 0;
    if (payment) hall.payers.released(payment, status >= 500);
    const provider = answer?.provider ?? route.provider;
    hall.recorder.ended({
      at: this.at,
      status,
      billedTo: route.billedTo,
      provider: provider === undefined ? undefined : shortened(provider),
      model: this.modelId,
      durationMs: hall.now() - this.at,
      // what was not even sent costs nothing
      free: this.isFree || (status === 0 && !this.sent),
      hold: this.hold,
      ticket,
      body: this.#relay?.observation,
    });
  }
}

function onResponseClose(this: GatewayResponse): void {
  this.exchange?.closed();
}
