import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { Attempt } from '../billing/failover.ts';
import { parseModelName } from '../billing/modelName.ts';
import { sameProfile } from '../billing/profile.ts';
import type { GatewayTarget, Route } from '../billing/route.ts';
import { RouteRefusal } from '../billing/routeRefusal.ts';
import { classifyRefusal, type Refusal } from '../limits/refusal.ts';
import { afterRefusal, patienceMs, refusalHeaders } from './attempts.ts';
import {
  closing,
  errorAnswer,
  type GatewayError,
  gatewayFailed,
  malformedTarget,
  modelNotSupported,
  modelUnknown,
  notAllowed,
  notServed,
  unframed,
} from './errors.ts';
import type { GatewayRequest, GatewayResponse, Hall } from './hall.ts';
import type { Placed } from './inFlight.ts';
import { Intake, type IntakeListener } from './intake.ts';
import { refusalText } from './observation.ts';
import { Relay } from './relay.ts';
import { type RequestHead, readRequestHead } from './requestHead.ts';
import type { ModelSpan } from './requestModel.ts';
import { headerBag, type RawHeaders, type ResponseHead, readResponseHead } from './responseHead.ts';
import { parseTarget } from './targets.ts';
import { upstreamFailure } from './upstreamFailure.ts';

/** Beyond this a refusal is handed on without having been understood. */
const mostRefusal = 64 * 1024;
const refusalBodyMs = 3_000;
const mostConnectionTries = 2;
/** How long the rest of an unwanted upload is read. */
const lingerMs = 30_000;

/**
 * `receiving` the request, `sending` it until upstream answers, reading why it was `refused`, `waiting` to try again,
 * `passing` the answer on, `done`.
 */
type State = 'receiving' | 'sending' | 'refused' | 'waiting' | 'passing' | 'done';

/** One request of a client, all its tries upstream, and the one response. Undici calls it as its handler. */
export class Exchange implements Dispatcher.DispatchHandler, IntakeListener, Placed {
  /** Among those in flight. */
  place = -1;
  readonly #hall: Hall;
  readonly #request: GatewayRequest;
  readonly #response: GatewayResponse;
  readonly #method: string;
  readonly #at: number;
  #head: RequestHead | undefined;
  #target: GatewayTarget | undefined;
  #ownToken: string | undefined;
  /** The client was not told yet to send its body. */
  #expectsContinue: boolean;
  #intake: Intake | undefined;
  #state: State = 'receiving';

  /** With whose money it is tried. */
  #payment: Attempt | undefined;
  #route: Route | undefined;
  /** Where it was refused for money, when another payer is tried after that. */
  #refusedRoute: Route | undefined;
  #abort: ((error?: Error) => void) | undefined;
  /** A part of the request was written to a connection. */
  #sent = false;
  #waits = 0;
  #connectionTries = 0;
  #patienceEnd = 0;
  #timer: object | number | undefined;

  #answer: ResponseHead | undefined;
  #resume: () => void = nothing;
  #refusal: Refusal | undefined;
  #refusalBody: Buffer[] = [];
  #refusalBytes = 0;
  #relay: Relay | undefined;

  /** @param expectsContinue the client waits for a word before it sends the body. */
  constructor(hall: Hall, request: GatewayRequest, response: GatewayResponse, expectsContinue: boolean) {
    this.#hall = hall;
    this.#request = request;
    this.#response = response;
    this.#method = request.method ?? 'GET';
    this.#at = hall.now();
    this.#expectsContinue = expectsContinue;
    request.exchange = this;
    response.exchange = this;
    response.on('close', onResponseClose);
    hall.inFlight.add(this);
  }

  get socket(): Socket {
    return this.#request.socket;
  }

  begin(): void {
    const url = this.#request.url ?? '';
    const head = readRequestHead(this.#request.rawHeaders);
    this.#head = head;
    const target = parseTarget(url);
    if (typeof target === 'object') this.#target = target;
    const admission = this.#hall.door.admit(head, url.startsWith('/v1/messages'));
    if ('status' in admission) {
      this.failed(admission);
      return;
    }
    const misfit = this.#misfit(target, head);
    if (misfit) {
      this.failed(misfit);
      return;
    }
    this.#ownToken = admission.ownToken;
    if (this.#expectsContinue) this.#response.writeContinue();
    this.#expectsContinue = false;
    const needsModel = this.#hall.routes.usesKeys && this.#target?.kind === 'router';
    this.#intake = new Intake(this.#hall, this.#request, head, needsModel);
    if (this.#intake.isReady) this.received();
  }

  #misfit(target: ReturnType<typeof parseTarget>, head: RequestHead): GatewayError | undefined {
    if (this.#hall.closing) return closing;
    if (target === 'malformed') return malformedTarget;
    if (this.#method === 'TRACE' || this.#method === 'CONNECT') return notAllowed;
    // Java's client offers h2c with every request and goes on with HTTP/1.1 when that is ignored
    if (head.upgrade !== undefined && head.upgrade.toLowerCase() !== 'h2c') return notAllowed;
    if (head.transferEncoding !== undefined && head.contentLength !== undefined) return unframed;
    if (head.transferEncoding !== undefined && head.transferEncoding.toLowerCase() !== 'chunked') {
      return unframed;
    }
    return target === undefined ? notServed : undefined;
  }

  // What the client sends

  requestData(chunk: Buffer): void {
    this.#intake?.data(chunk, this);
  }

  requestEnd(): void {
    this.#intake?.end(this);
  }

  checkProgress(tick: number): void {
    this.#intake?.checkProgress(tick, this);
  }

  received(): void {
    if (this.#state !== 'receiving') return;
    const { longestWaitMs } = this.#hall.routes.config;
    const patience = patienceMs(longestWaitMs, this.#head?.timeoutSeconds, this.#target?.kind === 'hub');
    this.#patienceEnd = this.#at + patience;
    this.#try();
  }

  // To upstream

  #try(): void {
    try {
      this.#findRoute();
    } catch (error) {
      if (error instanceof RouteRefusal) this.#cannotServe(error);
      else {
        this.#hall.log(`gateway: ${String(error)}`);
        this.failed(gatewayFailed);
      }
      return;
    }
    const provider = this.#route?.translate;
    if (provider === undefined) this.#send(undefined);
    else this.#translate(provider);
  }

  #findRoute(): void {
    const { routes, payers } = this.#hall;
    this.#payment ??= payers.next();
    if (this.#target === undefined) return;
    const model = this.#intake?.model?.model;
    this.#route = routes.find(this.#target, this.#method, this.#payment.profile, model, this.#ownToken);
  }

  /** Asks for the provider's own name of the model. */
  #translate(provider: string): void {
    const span = this.#intake?.model;
    if (span === undefined) return;
    this.#state = 'sending';
    const gone = new AbortController();
    this.#abort = () => gone.abort();
    const { models } = this.#hall;
    const { id } = parseModelName(span.model);
    const translated = async () => {
      const name = await models.find(provider, id, gone.signal);
      const others = name === undefined ? await models.providersOf(id, gone.signal) : [];
      if (this.#state !== 'sending') return;
      if (name === undefined) this.#cannotServe(modelNotSupported(provider, id, others));
      else this.#send({ ...span, model: name });
    };
    translated().catch(() => {
      if (this.#state === 'sending') this.#cannotServe(modelUnknown);
    });
  }

  /** @param renamed the model as the provider names it, where the body has another name. */
  #send(renamed: ModelSpan | undefined): void {
    const { dispatcher } = this.#hall;
    this.#state = 'sending';
    this.#abort = undefined;
    this.#sent = false;
    const headers = this.#headers(renamed);
    const found = typeof dispatcher === 'function' ? dispatcher() : dispatcher;
    if (!(found instanceof Promise)) this.#dispatch(found, headers, renamed);
    else {
      found.then(
        loaded => this.#dispatch(loaded, headers, renamed),
        error => this.onError(error),
      );
    }
  }

  #dispatch(dispatcher: Dispatcher, headers: string[], renamed: ModelSpan | undefined): void {
    const route = this.#route;
    if (route === undefined || this.#state !== 'sending') return;
    const { origin, path } = route;
    const body = this.#intake?.outgoing(renamed) ?? null;
    // no time limits: the client has its own, and how long a model thinks is none of our business
    dispatcher.dispatch(
      { origin, path, method: this.#method, headers, body, headersTimeout: 0, bodyTimeout: 0 },
      this,
    );
  }

  #headers(renamed: ModelSpan | undefined): string[] {
    const route = this.#route;
    const headers = this.#head?.forwarded.slice() ?? [];
    for (const name in route?.headers) headers.push(name, route.headers[name] ?? '');
    const toHuggingFace = this.#target?.kind !== 'hub' && route?.billedTo.startsWith('key:') === false;
    if (toHuggingFace && !this.#head?.hasSession) {
      headers.push('x-hf-session-id', this.#hall.routes.config.sessionId);
    }
    const length = this.#intake?.outgoingLength(renamed);
    if (length !== undefined) headers.push('content-length', length);
    return headers;
  }

  #wait(delayMs: number): void {
    this.#state = 'waiting';
    this.#abort = undefined;
    this.#timer = this.#hall.timers.setTimeout(() => {
      this.#timer = undefined;
      // who pays may have been changed meanwhile
      if (!this.#payment?.again) this.#payment = undefined;
      this.#try();
    }, delayMs);
  }

  // From upstream

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    this.#sent = true;
    if (this.#state === 'done') abort();
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    if (status < 200 || this.#state === 'done') return true;
    const trailers = this.#method !== 'HEAD' && this.#request.httpVersionMinor >= 1;
    const rewrite = this.#target?.kind === 'hub' ? this.#hall.routes.rewriteLinks : undefined;
    const answer = readResponseHead(status, statusText, raw as RawHeaders, trailers, rewrite);
    this.#answer = answer;
    this.#resume = resume;
    if (status === 429 || status === 402 || status === 403) this.#readRefusal();
    else {
      if (status < 400) this.#paid();
      this.#pass(answer, answer.headers);
    }
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#state === 'passing') return this.#relay?.data(chunk) ?? true;
    if (this.#state !== 'refused') return true;
    this.#refusalBody.push(chunk);
    this.#refusalBytes += chunk.length;
    if (this.#refusalBytes > mostRefusal) this.#handOn(undefined, false);
    return true;
  }

  onComplete(trailers: RawHeaders | null): void {
    if (this.#state === 'refused') this.#understand();
    else if (this.#state === 'passing') this.#end(trailers);
  }

  onError(error: unknown): void {
    if (this.#state === 'done') return;
    if (this.#state === 'passing') {
      this.#record();
      this.#relay?.breakOff();
      return;
    }
    const answered = this.#state === 'refused';
    this.#clearTimer();
    const failure = upstreamFailure(error, this.#route?.origin ?? '', this.#sent);
    const harmless = (this.#method === 'GET' || this.#method === 'HEAD') && this.#intake?.isRepeatable;
    const again = failure.kind === 'unsent' || (failure.kind === 'reset' && harmless);
    if (answered || !again || ++this.#connectionTries > mostConnectionTries) {
      this.failed(failure.error);
    } else this.#wait(failure.kind === 'unsent' ? Math.floor(100 + this.#hall.random() * 200) : 0);
  }

  /** It was answered, and somebody is billed for it. */
  #paid(): void {
    const { payers, now } = this.#hall;
    if (this.#isFree()) return;
    if (this.#route) payers.opened(this.#route.billedTo, now());
    if (this.#payment && this.#ownToken === undefined) payers.succeeded(this.#payment);
  }

  #isFree(): boolean {
    return this.#target?.kind === 'hub' || this.#method === 'GET' || this.#method === 'HEAD';
  }

  // Refusals

  #readRefusal(): void {
    this.#state = 'refused';
    this.#refusalBody = [];
    this.#refusalBytes = 0;
    // it is read to be understood, but not waited for
    this.#timer = this.#hall.timers.setTimeout(() => this.#handOn(undefined, false), refusalBodyMs);
  }

  #understand(): void {
    this.#clearTimer();
    const answer = this.#answer;
    if (answer === undefined) return;
    const { now, random, recorder, onRefusal } = this.#hall;
    const headers = headerBag(answer.headers);
    const refusal = this.#classify(answer, headers);
    this.#refusal = refusal;
    if (refusal) recorder.refused(refusal);
    const at = now();
    const step = afterRefusal({
      status: answer.status,
      headers,
      refusal,
      attempt: this.#waits,
      patienceMs: this.#patienceEnd - at,
      now: at,
      random,
    });
    const again = this.#intake?.isRepeatable === true && !this.#hall.closing;
    if (again && step.kind === 'wait') {
      this.#waits += 1;
      this.#wait(step.delayMs);
    } else if (!this.#failsOver(refusal, again)) {
      if (refusal) onRefusal(refusal);
      this.#handOn(refusal, step.kind === 'pass' && step.tooLong);
      this.#end(null);
    }
  }

  #classify(answer: ResponseHead, headers: Record<string, string | string[]>): Refusal | undefined {
    const { now, payers } = this.#hall;
    const route = this.#route;
    if (route === undefined) return undefined;
    const model = this.#modelId();
    const refusal = classifyRefusal({
      status: answer.status,
      headers,
      bodyText: withoutCredential(
        refusalText(Buffer.concat(this.#refusalBody), answer.contentEncoding),
        route,
      ),
      url: route.origin + route.path,
      at: now(),
      source: 'gateway',
      answeredBy: answer.provider ?? route.provider ?? 'huggingface',
      billedTo: route.billedTo,
      ...(model !== undefined && { model }),
    });
    return refusal && payers.explained(refusal);
  }

  /** Whether somebody else pays for the request now. A token of the caller's own is its own money. */
  #failsOver(refusal: Refusal | undefined, again: boolean): boolean {
    const payment = this.#payment;
    if (!refusal || !payment || this.#ownToken !== undefined || this.#target?.kind === 'hub') return false;
    const retry = this.#hall.payers.refused(payment, refusal);
    if (!retry || !again) return false;
    this.#refusedRoute = this.#route;
    this.#payment = retry;
    this.#try();
    return true;
  }

  /**
   * The payer's money does not go there: a key pays at its own provider only. One who stands in was not the caller's
   * choice, so that the chosen one's refusal is told, or asked for.
   */
  #cannotServe(error: GatewayError): void {
    const { routes, onRefusal } = this.#hall;
    const payment = this.#payment;
    if (this.#refusedRoute) {
      this.#route = this.#refusedRoute;
      if (this.#refusal) onRefusal(this.#refusal);
      this.#handOn(this.#refusal, false);
      this.#end(null);
    } else if (payment && !sameProfile(payment.profile, routes.config.profile)) {
      this.#payment = { ...payment, profile: routes.config.profile, again: true };
      this.#try();
    } else this.failed(error);
  }

  /** Passes a refusal on as it came, with what we know of it beside. */
  #handOn(refusal: Refusal | undefined, tooLong: boolean): void {
    this.#clearTimer();
    const answer = this.#answer;
    if (answer === undefined) return;
    const limit = refusal !== undefined || answer.status !== 403;
    const billedTo = this.#route?.billedTo ?? '';
    const added = limit
      ? refusalHeaders(refusal, billedTo, headerBag(answer.headers), tooLong, this.#hall.now())
      : [];
    this.#pass(answer, [...answer.headers, ...added]);
    for (const chunk of this.#refusalBody) this.#relay?.data(chunk);
    this.#refusalBody = [];
  }

  /** The gateway closes: who waits to try again is told what upstream said. */
  hurry(): void {
    if (this.#state !== 'waiting' || this.#answer === undefined) return;
    this.#handOn(this.#refusal, false);
    this.#end(null);
  }

  // To the client

  #pass(answer: ResponseHead, headers: string[]): void {
    this.#state = 'passing';
    const messages = this.#request.url?.startsWith('/v1/messages') === true;
    const observes = this.#isFree() ? 'nothing' : messages ? 'usage-of-messages' : 'usage';
    this.#relay = new Relay(this.#response, answer, headers, this.#resume, observes);
  }

  #end(trailers: RawHeaders | null): void {
    this.#relay?.end(trailers);
    this.#record();
  }

  drained(): void {
    this.#relay?.drained();
  }

  /** Answers in upstream's place. */
  failed(error: GatewayError): void {
    if (this.#state === 'done' || this.#state === 'passing') return;
    this.#clearTimer();
    this.#answer = undefined;
    this.#record();
    const kind = this.#target?.kind ?? (this.#request.url?.startsWith('/hub/') ? 'hub' : 'router');
    const { headers, body } = errorAnswer(error, kind);
    // it would not know whether its body is still wanted
    if (this.#expectsContinue) headers.push('connection', 'close');
    if (this.#intake) this.#intake.drop();
    else this.#request.resume();
    this.#response.writeHead(error.status, headers);
    this.#response.end(body);
  }

  /** The response has been sent, or can't be any more. */
  closed(): void {
    const unfinished = this.#state !== 'done';
    this.#clearTimer();
    this.#record();
    if (unfinished) this.#abort?.(new Error('The client has gone'));
    this.#intake?.drop();
    const { hall, request } = { hall: this.#hall, request: this.#request };
    hall.inFlight.delete(this);
    if (hall.closing) hall.onLeft();
    if (request.complete || request.socket.destroyed) return;
    hall.timers.setTimeout(() => {
      if (!request.complete) request.socket.destroy();
    }, lingerMs);
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#hall.timers.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #modelId(): string | undefined {
    const span = this.#intake?.model;
    return span && parseModelName(span.model).id;
  }

  /** Ends the exchange, once. */
  #record(): void {
    if (this.#state === 'done') return;
    this.#state = 'done';
    this.#intake?.forget();
    const route = this.#route;
    if (route === undefined) return;
    const { recorder, now } = this.#hall;
    recorder.ended({
      at: this.#at,
      status: this.#answer?.status ?? 0,
      billedTo: route.billedTo,
      provider: this.#answer?.provider ?? route.provider,
      model: this.#modelId(),
      durationMs: now() - this.#at,
      free: this.#isFree(),
      body: this.#relay?.observation,
    });
  }
}

/** Servers repeat the key that they refuse, and not all keys look like one: what is written down must not hold it. */
function withoutCredential(text: string, { headers }: Route): string {
  const credential = headers.authorization?.replace(/^\S+ /, '');
  return credential ? text.replaceAll(credential, '[redacted]') : text;
}

function nothing(): void {}

function onResponseClose(this: GatewayResponse): void {
  this.exchange?.closed();
}
