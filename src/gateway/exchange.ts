import type { Dispatcher } from 'undici';
import { RouteRefusal } from '../billing/route.ts';
import type { TrailedOptions } from '../hub/trailers.ts';
import type { ModelSpan } from './body/requestModel.ts';
import { gatewayFailed } from './errors.ts';
import type { GatewayRequest, GatewayResponse, Hall } from './gatewayContext.ts';
import type { Placed } from './inFlight.ts';
import { Refusals } from './refusals.ts';
import { type RawHeaders, type ResponseHead, readResponseHead } from './relay/responseHead.ts';
import { translate } from './upstream/modelTranslation.ts';
import { outgoingHeaders } from './upstream/outgoingHeaders.ts';
import { patienceMs } from './upstream/retryDecision.ts';
import { upstreamFailure } from './upstream/upstreamFailure.ts';

const mostConnectionTries = 2;

/** One request of a client, all its tries upstream, and the one response. Undici calls it as its handler. */
export class Exchange extends Refusals implements Dispatcher.DispatchHandler, Placed {
  /** Among those in flight. */
  place = -1;
  #passed: ResponseHead | undefined;

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
    this.tryUpstream();
  }

  // To upstream

  protected override tryUpstream(): void {
    try {
      this.findRoute();
    } catch (error) {
      if (!(error instanceof RouteRefusal)) this.hall.log(`gateway: ${String(error)}`);
      this.cannotServe(error instanceof RouteRefusal ? error : gatewayFailed);
      return;
    }
    if (this.route === undefined || !this.takesTurn(this.route)) return;
    const provider = this.route.translate;
    if (provider === undefined) this.#send(undefined);
    else this.#translate(provider);
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
      if ('status' in named) this.cannotServe(named);
      else this.#send(named);
    });
  }

  /** @param renamed the model as the provider names it, where the body has another name. */
  #send(renamed: ModelSpan | undefined): void {
    const { dispatcher, recorder } = this.hall;
    if (!this.isFree) recorder.expects();
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
    try {
      const headers = outgoingHeaders(this.head, route, this.sessionId, intake?.outgoingLength(renamed));
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
    if (status >= 400 && this.mayBeRefusal(status)) {
      this.refused(answer, route, resume);
      return true;
    }
    if (!this.isFree) answer.headers.push('x-headroom-billed-to', route.billedTo);
    this.pass(answer, answer.headers, resume);
    this.#passed = answer;
    process.nextTick(takeIn, this);
    return true;
  }

  /** What an answer tells of limits and of money is taken in when its first bytes are on their way. */
  override takeIn(): void {
    const answer = this.#passed;
    this.#passed = undefined;
    if (answer === undefined) return;
    this.gotThrough(answer);
    if (answer.status < 400 && this.route) this.paid(this.route.billedTo);
  }

  onData(chunk: Buffer): boolean {
    if (this.state === 'passing') return this.passData(chunk);
    if (this.state === 'refused') this.refusedData(chunk);
    return true;
  }

  onComplete(trailers: RawHeaders | null): void {
    if (this.state === 'refused') this.refusedEnd();
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
    if (this.state !== 'refused' && again && ++this.connectionTries <= mostConnectionTries) {
      this.waitsFor(failure.kind === 'unsent' ? Math.floor(100 + this.hall.random() * 200) : 0);
    } else if (this.sent) this.failed(failure.error);
    else this.cannotServe(failure.error);
  }
}

function takeIn(exchange: Exchange): void {
  exchange.takeIn();
}
