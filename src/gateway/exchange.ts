import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../limits/messageOf.ts';
import type { Connection } from './admission/connection.ts';
import { type GatewayPort, InboundRequest } from './admission/inboundRequest.ts';
import type { Visit } from './admission/strangers.ts';
import type { BodyShare } from './body/bodyShare.ts';
import type { RequestBodyListener } from './body/requestBody.ts';
import { closing, type GatewayError, gatewayFailed, sendError, tooManyStrangers } from './errors.ts';
import type { GatewayContext } from './gatewayContext.ts';
import type { ActiveExchange } from './inFlight.ts';
import { endedRequest, type Relayed } from './record/endedRequest.ts';
import { replaceAddresses } from './relay/hubAddresses.ts';
import { Relay } from './relay/relay.ts';
import type { RawHeaders, ResponseHead } from './relay/responseHead.ts';
import { UpstreamTries } from './upstream/upstreamTries.ts';
import type { ResponseListener, TriesListener, UpstreamTry } from './upstream/upstreamTry.ts';

/** How long the rest of an unwanted upload is read. */
const lingerMs = 30_000;
/** The longest wait of a request without the key. */
const turnTicks = 3;

type State =
  /** Until a request without the key has its turn. */
  | { readonly kind: 'waiting'; readonly since: number }
  /** Until the body is complete, or begins to stream. */
  | { readonly kind: 'receiving' }
  /** Until there is a response to relay, or an error to answer with. */
  | { readonly kind: 'trying' }
  | ({ readonly kind: 'relaying' } & Relayed)
  /** Recorded; what still comes is dropped. */
  | { readonly kind: 'done' };

/** One client request and its one response. A throw in any step ends this exchange only. */
export class Exchange implements ActiveExchange, RequestBodyListener, TriesListener, ResponseListener {
  place = -1;
  readonly #context: GatewayContext;
  readonly #connection: Connection;
  readonly #request: InboundRequest;
  readonly #response: ServerResponse;
  readonly #tries: UpstreamTries;
  #state: State = { kind: 'receiving' };
  /** The client waits for `100 Continue` before it sends its body. */
  #expectsContinue: boolean;
  /** Of a request without the key. */
  #visit: Visit | undefined;
  #isKeyed = false;
  #isClosed = false;

  constructor(
    context: GatewayContext,
    port: GatewayPort,
    connection: Connection,
    message: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
  ) {
    this.#context = context;
    this.#connection = connection;
    this.#request = new InboundRequest(context, port, message);
    this.#response = response;
    this.#expectsContinue = expectsContinue;
    this.#tries = new UpstreamTries(context, this.#request, this);
    response.on('close', () => this.step(() => this.#closed()));
    context.inFlight.add(this);
    connection.began(this);
  }

  start(): void {
    this.step(() => {
      const error = this.#request.admit();
      if (this.#request.showsKey) this.#connection.showedKey();
      if (this.#connection.isKeyed) {
        this.#isKeyed = true;
        this.#context.strangers.keyedBegan(this.#request.receivedAt);
        this.#receive(error);
      } else this.#waitForTurn(error);
    });
  }

  #waitForTurn(error: GatewayError | undefined): void {
    this.#state = { kind: 'waiting', since: this.#context.tick };
    const enter = () =>
      this.step(() => {
        if (this.#state.kind !== 'waiting') return;
        this.#state = { kind: 'receiving' };
        this.#receive(error);
      });
    this.#visit = { isForwarded: error === undefined, enter };
    if (!this.#context.strangers.arrive(this.#visit)) this.respond(tooManyStrangers);
  }

  #receive(error: GatewayError | undefined): void {
    if (error) {
      this.respond(error);
      return;
    }
    if (this.#expectsContinue) this.#response.writeContinue();
    this.#expectsContinue = false;
    this.#request.receiveBody(this.#share, this);
  }

  get #share(): BodyShare {
    return this.#isKeyed ? this.#context.bodies : this.#context.strangersBodies;
  }

  bodyReady(): void {
    this.step(() => {
      if (this.#state.kind !== 'receiving') return;
      const error = this.#request.checkBody();
      if (error) {
        this.respond(error);
        return;
      }
      this.#state = { kind: 'trying' };
      this.#tries.begin();
    });
  }

  bodyFailed(error: GatewayError): void {
    this.step(() => this.respond(error));
  }

  relay(came: ResponseHead, headers: string[], source: UpstreamTry): void {
    const { isFree, isMessages } = this.#request;
    const observes = isFree ? 'nothing' : isMessages ? 'usage-of-messages' : 'usage';
    const { hubUrl } = this.#context.routes.config.servers;
    const replaced = replaceAddresses(came, this.#request, hubUrl);
    const { head, addresses } = replaced ?? { head: came };
    const sent = replaced ? head.headers : headers;
    const step = (run: () => void) => this.step(run);
    const relay = new Relay(this.#response, head, sent, source, observes, step, addresses);
    // not the head: its headers would take 1 KiB of each open stream
    const { status, provider, isEventStream: isStream } = head;
    this.#state = { kind: 'relaying', relay, status, provider, isStream };
    this.#request.body?.release();
    source.handOver(this);
  }

  responseData(chunk: Buffer): void {
    this.step(() => {
      const state = this.#state;
      if (state.kind !== 'relaying') return;
      if (state.isStream) state.firstByteAt ??= this.#context.now();
      state.relay.data(chunk);
    });
  }

  responseEnded(trailers: RawHeaders): void {
    this.step(() => {
      if (this.#state.kind !== 'relaying') return;
      this.#state.relay.end(trailers);
      this.#finish();
    });
  }

  responseFailed(): void {
    this.step(() => {
      if (this.#state.kind !== 'relaying') return;
      const { relay } = this.#state;
      this.#finish();
      relay.breakOff();
    });
  }

  /** Answers in upstream's place. */
  respond(error: GatewayError): void {
    if (this.#state.kind === 'done' || this.#state.kind === 'relaying') return;
    const { errorForm, isSafe } = this.#request;
    // upstream may have done the work, and SDKs would send the request again by themselves
    const mayBeDone = error.status >= 500 && this.#tries.isSent && !isSafe;
    this.#tries.stop(error.status >= 500);
    this.#finish();
    this.#request.drop(this.#share);
    sendError(this.#response, error, errorForm, { mayBeDone, closes: this.#expectsContinue });
  }

  /** Records the exchange, once. */
  #finish(): void {
    if (this.#state.kind === 'done') return;
    const relayed = this.#state.kind === 'relaying' ? this.#state : undefined;
    this.#state = { kind: 'done' };
    this.#request.body?.release();
    const outcome = this.#tries.end(relayed?.status);
    if (!outcome) return;
    const { recorder, now } = this.#context;
    recorder.ended(endedRequest(this.#request, outcome, relayed, now()));
  }

  /** The response was sent, or can't be. */
  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      const { message, body } = this.#request;
      if (this.#state.kind !== 'done') {
        this.#tries.stop(false);
        this.#finish();
      }
      body?.drop();
      if (message.complete || message.socket.destroyed) return;
      this.#context.timers.setTimeout(() => {
        if (!message.complete) message.socket.destroy();
      }, lingerMs);
    } finally {
      this.#leave();
    }
  }

  /** Gives its place to others. */
  #leave(): void {
    const { inFlight, strangers } = this.#context;
    inFlight.delete(this);
    if (this.#isKeyed) strangers.keyedEnded();
    if (this.#visit) strangers.leave(this.#visit);
    this.#connection.ended(this);
    if (this.#context.closing) this.#context.onLeft();
  }

  connectionClosed(): void {
    this.step(() => this.#closed());
  }

  hurry(): void {
    this.step(() => (this.#state.kind === 'waiting' ? this.respond(closing) : this.#tries.hurry()));
  }

  unhold(): void {
    this.step(() => this.#tries.unhold());
  }

  checkProgress(tick: number): void {
    this.step(() => {
      if (this.#state.kind !== 'waiting') this.#request.body?.checkProgress(tick);
      else if (tick - this.#state.since >= turnTicks) this.respond(tooManyStrangers);
    });
  }

  clientFailed(error: GatewayError): void {
    const { message } = this.#request;
    if (this.#response.headersSent || message.complete) {
      message.socket.destroy();
      return;
    }
    this.#response.shouldKeepAlive = false;
    this.step(() => this.respond(error));
    message.socket.destroySoon();
  }

  step(run: () => void): void {
    try {
      run();
    } catch (error) {
      const why = messageOf(error);
      this.#context.log(`gateway: an exchange failed: ${why}`);
      this.#abort();
    }
  }

  /** After a throw: a 502, or the end of the connection when the response has begun. */
  #abort(): void {
    const begun = this.#response.headersSent || this.#state.kind === 'done';
    try {
      this.#tries.stop(false);
      if (begun) this.#finish();
      else {
        this.#state = { kind: 'trying' };
        this.respond(gatewayFailed);
        return;
      }
    } catch {
      this.#state = { kind: 'done' };
    }
    this.#response.destroy();
  }
}
