import { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Attempt } from '../billing/failover.ts';
import { parseModelName } from '../billing/modelName.ts';
import type { GatewayTarget, Route } from '../billing/route.ts';
import { RouteRefusal } from '../billing/routeRefusal.ts';
import { classifyRefusal, type Refusal } from '../limits/refusal.ts';
import { afterRefusal, patienceMs, refusalHeaders } from './attempts.ts';
import type { Door } from './door.ts';
import {
  busy,
  closing,
  errorAnswer,
  type GatewayError,
  malformedTarget,
  modelNotSupported,
  modelUnknown,
  notAllowed,
  notServed,
  slowBody,
  unframed,
} from './errors.ts';
import { Observation, refusalText } from './observation.ts';
import type { GatewayModels, GatewayTimers } from './options.ts';
import type { Payers } from './payers.ts';
import type { Recorder } from './recorder.ts';
import { type RequestHead, readRequestHead } from './requestHead.ts';
import { findModel, type ModelSpan, spliceModel } from './requestModel.ts';
import {
  headerBag,
  type RawHeaders,
  type ResponseHead,
  readResponseHead,
  readTrailers,
} from './responseHead.ts';
import type { Routes } from './routes.ts';
import { parseTarget } from './targets.ts';
import { Upload } from './upload.ts';
import { upstreamFailure } from './upstreamFailure.ts';

/** What all requests of one gateway share. */
export interface Hall {
  readonly door: Door;
  readonly payers: Payers;
  readonly recorder: Recorder;
  readonly models: GatewayModels;
  readonly dispatcher: Dispatcher | (() => Dispatcher | Promise<Dispatcher>);
  readonly timers: GatewayTimers;
  readonly inFlight: Set<Exchange>;
  readonly now: () => number;
  readonly random: () => number;
  readonly onRefusal: (refusal: Refusal) => void;
  /** Of the configuration that holds now. */
  routes: Routes;
  closing: boolean;
  /** Bytes of requests' bodies that are kept in memory. */
  bufferedBytes: number;
  /** Counts up while the gateway runs, to find who makes no progress. */
  tick: number;
}

/** With a way back to the exchange, so that no request needs closures for its listeners. */
export class GatewayRequest extends IncomingMessage {
  exchange: Exchange | undefined;
}
export class GatewayResponse extends ServerResponse<GatewayRequest> {
  exchange: Exchange | undefined;
}

/** JSON up to this size is kept, to know its model and to be able to send it again. */
const mostKept = 1024 * 1024;
/** A body whose model has to be replaced is kept until the model is found. */
const mostSearched = 32 * 1024 * 1024;
const mostBufferedBytes = 128 * 1024 * 1024;
/** Beyond this a refusal is handed on without having been understood. */
const mostRefusal = 64 * 1024;
const refusalBodyMs = 3_000;
/** Ticks without progress. */
const slowTicks = 3;
const lingerMs = 10_000;
const mostConnectionTries = 2;

type State = 'receiving' | 'sending' | 'refused' | 'passing' | 'waiting' | 'done';

/** One request of a client, all its tries upstream, and the one response. Undici calls it as its handler. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #hall: Hall;
  readonly #request: GatewayRequest;
  readonly #response: GatewayResponse;
  readonly #method: string;
  readonly #at: number;
  #head: RequestHead | undefined;
  #target: GatewayTarget | undefined;
  #ownToken: string | undefined;
  #state: State = 'receiving';
  /** The client was not told yet to send its body. */
  #expectsContinue = false;

  #kept: Buffer[] = [];
  #keptBytes = 0;
  #body: Buffer | undefined;
  #upload: Upload | undefined;
  #span: ModelSpan | undefined;
  /** The body is not kept as a whole: it goes on as it comes, and once. */
  #streams = false;
  #progressTick = 0;

  /** With whose money it is tried. */
  #payment: Attempt | undefined;
  #route: Route | undefined;
  #abort: ((error?: Error) => void) | undefined;
  #sent = false;
  #attempt = 0;
  #connectionTries = 0;
  #patienceEnd = 0;
  #timer: object | number | undefined;

  #answer: ResponseHead | undefined;
  #resume: (() => void) | undefined;
  #refusalBody: Buffer[] | undefined;
  #refusalBytes = 0;
  #first: Buffer | undefined;
  #flushed = false;
  #paused = false;
  #observation: Observation | undefined;

  constructor(hall: Hall, request: GatewayRequest, response: GatewayResponse) {
    this.#hall = hall;
    this.#request = request;
    this.#response = response;
    this.#method = request.method ?? 'GET';
    this.#at = hall.now();
    request.exchange = this;
    response.exchange = this;
    response.on('close', onResponseClose);
  }

  /** @param expectsContinue the client waits for a word before it sends the body. */
  begin(expectsContinue: boolean): void {
    this.#expectsContinue = expectsContinue;
    const hall = this.#hall;
    const url = this.#request.url ?? '';
    const head = readRequestHead(this.#request.rawHeaders);
    this.#head = head;
    const target = parseTarget(url);
    if (typeof target === 'object') this.#target = target;
    hall.inFlight.add(this);
    const admission = hall.door.admit(head, url.startsWith('/v1/messages'));
    if ('status' in admission) return this.#answerError(admission);
    const error = this.#misfit(target, head);
    if (error) return this.#answerError(error);
    this.#ownToken = admission.ownToken;
    if (
      head.transferEncoding === undefined &&
      (head.contentLength === undefined || head.contentLength === '0')
    ) {
      this.#body = head.contentLength === undefined ? undefined : empty;
      return this.#try();
    }
    if (expectsContinue) this.#response.writeContinue();
    this.#expectsContinue = false;
    this.#receive(head);
  }

  #misfit(target: ReturnType<typeof parseTarget>, head: RequestHead): GatewayError | undefined {
    if (this.#hall.closing) return closing;
    if (target === 'malformed') return malformedTarget;
    if (this.#method === 'TRACE' || this.#method === 'CONNECT') return notAllowed;
    // Java's client offers h2c with every request and goes on with HTTP/1.1 when that is ignored
    if (head.upgrade !== undefined && head.upgrade.toLowerCase() !== 'h2c') return notAllowed;
    if (head.transferEncoding !== undefined && head.contentLength !== undefined) return unframed;
    if (head.transferEncoding !== undefined && head.transferEncoding.toLowerCase() !== 'chunked')
      return unframed;
    return target === undefined ? notServed : undefined;
  }

  // The request's body

  #receive(head: RequestHead): void {
    const json = head.contentType !== undefined && /\bjson\b/i.test(head.contentType);
    const keep = json && head.contentEncoding === undefined;
    this.#progressTick = this.#hall.tick;
    if (!keep) this.#stream();
    this.#request.on('data', onRequestData).on('end', onRequestEnd);
  }

  requestData(chunk: Buffer): void {
    this.#progressTick = this.#hall.tick;
    if (this.#upload) return this.#upload.append(chunk);
    if (this.#state !== 'receiving') return;
    this.#kept.push(chunk);
    this.#keptBytes += chunk.length;
    this.#hall.bufferedBytes += chunk.length;
    if (this.#hall.bufferedBytes > mostBufferedBytes) this.#answerError(busy);
    else if (this.#keptBytes > mostKept) this.#outgrown();
  }

  requestEnd(): void {
    if (this.#upload) return this.#upload.finish();
    if (this.#state !== 'receiving' || this.#streams) return;
    this.#body = this.#kept.length === 1 ? this.#kept[0] : Buffer.concat(this.#kept, this.#keptBytes);
    this.#kept = [];
    this.#span = this.#body && findModel(this.#body);
    this.#try();
  }

  /** Too large to be kept: it is streamed, unless a key's provider needs another name of a model that did not come yet. */
  #outgrown(): void {
    const begun = Buffer.concat(this.#kept, this.#keptBytes);
    this.#span = findModel(begun);
    const searched =
      this.#span === undefined &&
      this.#hall.routes.usesKeys &&
      this.#target?.kind === 'router' &&
      this.#keptBytes <= mostSearched;
    this.#kept = [begun];
    if (!searched) this.#stream();
  }

  #stream(): void {
    this.#streams = true;
    // until undici asks for it, which may be after a look at who has the model
    this.#request.pause();
    this.#try();
  }

  /** Called at each tick: a client that sends nothing while it is waited for is cut off. */
  checkProgress(tick: number): void {
    const waits = this.#streams ? !this.#request.isPaused() : this.#state === 'receiving';
    if (this.#request.complete || !waits || tick - this.#progressTick < slowTicks) return;
    if (this.#state === 'receiving') this.#answerError(slowBody);
    else this.#request.socket.destroy();
  }

  // Upstream

  #try(): void {
    const { routes, payers } = this.#hall;
    if (this.#patienceEnd === 0) {
      const { longestWaitMs } = routes.config;
      const isHub = this.#target?.kind === 'hub';
      this.#patienceEnd = this.#at + patienceMs(longestWaitMs, this.#head?.timeoutSeconds, isHub);
    }
    this.#payment ??= payers.next();
    const target = this.#target;
    if (target === undefined) return;
    try {
      this.#route = routes.find(
        target,
        this.#method,
        this.#payment.profile,
        this.#span?.model,
        this.#ownToken,
      );
    } catch (error) {
      if (!(error instanceof RouteRefusal)) throw error;
      return this.#answerError(error);
    }
    if (this.#route.translate === undefined) this.#send();
    else this.#translate(this.#route.translate);
  }

  #translate(provider: string): void {
    const span = this.#span;
    if (span === undefined) return;
    this.#state = 'sending';
    const gone = new AbortController();
    this.#abort = () => gone.abort();
    const { id } = parseModelName(span.model);
    const { models } = this.#hall;
    models
      .find(provider, id, gone.signal)
      .then(async name => {
        const others = name === undefined ? await models.providersOf(id, gone.signal) : [];
        if (this.#state !== 'sending') return;
        if (name === undefined) this.#answerError(modelNotSupported(provider, id, others));
        else this.#send({ ...span, model: name });
      })
      .catch(() => {
        if (this.#state === 'sending') this.#answerError(modelUnknown);
      });
  }

  /** @param renamed the model as the provider names it, where the body has another one. */
  #send(renamed?: ModelSpan): void {
    const dispatcher = this.#hall.dispatcher;
    this.#state = 'sending';
    this.#abort = undefined;
    this.#sent = false;
    const headers = this.#headers(renamed);
    const body = this.#outgoing(renamed);
    const found = typeof dispatcher === 'function' ? dispatcher() : dispatcher;
    if (found instanceof Promise) {
      found.then(
        loaded => this.#dispatch(loaded, headers, body),
        (error: unknown) => this.onError(error),
      );
    } else this.#dispatch(found, headers, body);
  }

  #outgoing(renamed: ModelSpan | undefined): Buffer | Upload | undefined {
    if (!this.#streams) return renamed && this.#body ? spliceModel(this.#body, renamed) : this.#body;
    if (this.#upload === undefined) {
      const begun = renamed ? this.#kept.map(part => spliceModel(part, renamed)) : this.#kept;
      this.#upload = new Upload(this.#request, begun);
      this.#forgetKept();
    }
    return this.#upload;
  }

  #forgetKept(): void {
    this.#hall.bufferedBytes -= this.#keptBytes;
    this.#keptBytes = 0;
    this.#kept = [];
  }

  #dispatch(dispatcher: Dispatcher, headers: string[], body: Buffer | Upload | undefined): void {
    const route = this.#route;
    if (route === undefined || this.#state !== 'sending') return;
    const { origin, path } = route;
    // no time limits: the client has its own, and a long answer is none of our business
    dispatcher.dispatch(
      { origin, path, method: this.#method, headers, body: body ?? null, headersTimeout: 0, bodyTimeout: 0 },
      this,
    );
  }

  #headers(renamed: ModelSpan | undefined): string[] {
    const head = this.#head;
    const route = this.#route;
    const headers = head?.forwarded.slice() ?? [];
    for (const name in route?.headers) headers.push(name, route.headers[name] ?? '');
    if (!head?.hasSession && this.#target?.kind !== 'hub' && !route?.billedTo.startsWith('key:')) {
      headers.push('x-hf-session-id', this.#hall.routes.config.sessionId);
    }
    if (head?.contentLength !== undefined && (this.#streams || this.#body === empty)) {
      const grown = renamed
        ? Buffer.byteLength(JSON.stringify(renamed.model)) - (renamed.end - renamed.start)
        : 0;
      headers.push('content-length', String(Number(head.contentLength) + grown));
    }
    return headers;
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    this.#sent = true;
    if (this.#state === 'done') abort();
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    if (status < 200 || this.#state === 'done') return true;
    const chunked = this.#method !== 'HEAD' && this.#request.httpVersionMinor >= 1;
    const rewrite = this.#target?.kind === 'hub' ? this.#hall.routes.rewriteLinks : undefined;
    this.#answer = readResponseHead(status, statusText, raw as RawHeaders, chunked, rewrite);
    this.#resume = resume;
    if (status === 429 || status === 402 || status === 403) {
      this.#state = 'refused';
      this.#refusalBody = [];
      this.#refusalBytes = 0;
      // it is read to be understood, but not waited for
      this.#timer = this.#hall.timers.setTimeout(() => this.#passRefusal(undefined, false), refusalBodyMs);
      return true;
    }
    if (status < 400) this.#paid();
    this.#pass(this.#answer, this.#answer.headers);
    return true;
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

  onData(chunk: Buffer): boolean {
    if (this.#state === 'refused') return this.#refusalData(chunk);
    if (this.#state !== 'passing') return true;
    this.#observation?.see(chunk);
    if (!this.#flushed) {
      if (this.#first === undefined) {
        // held until the end of this turn of the loop: a small answer is complete by then, and goes out in one piece
        this.#first = chunk;
        return true;
      }
      this.flush();
    }
    if (this.#response.write(chunk)) return true;
    return this.#pause();
  }

  onComplete(raw: string[] | null): void {
    if (this.#state === 'refused') return this.#refusalComplete();
    if (this.#state !== 'passing') return;
    if (raw !== null && raw.length > 0) this.#response.addTrailers(readTrailers(raw as RawHeaders));
    if (this.#first === undefined) this.#response.end();
    else this.#response.end(this.#first);
    this.#first = undefined;
    this.#flushed = true;
    this.#record();
  }

  onError(error: unknown): void {
    if (this.#state === 'done') return;
    if (this.#state === 'passing') return this.#break();
    if (this.#state === 'refused') this.#clearTimer();
    const route = this.#route;
    const answered = this.#state === 'refused';
    const failure = upstreamFailure(error, route?.origin ?? '', this.#sent);
    const again =
      !answered &&
      this.#connectionTries < mostConnectionTries &&
      (failure.kind === 'unsent' || (failure.kind === 'reset' && this.#isRepeatable()));
    if (!again) return this.#answerError(failure.error, 0);
    this.#connectionTries += 1;
    const delayMs = failure.kind === 'unsent' ? Math.floor(100 + this.#hall.random() * 200) : 0;
    this.#wait(delayMs);
  }

  /** A request that asks for nothing to be done may be sent again though it may have arrived. */
  #isRepeatable(): boolean {
    return (this.#method === 'GET' || this.#method === 'HEAD') && !this.#streams;
  }

  // Refusals

  #refusalData(chunk: Buffer): boolean {
    this.#refusalBody?.push(chunk);
    this.#refusalBytes += chunk.length;
    if (this.#refusalBytes > mostRefusal) this.#passRefusal(undefined, false);
    return !this.#paused;
  }

  #refusalComplete(): void {
    this.#clearTimer();
    const { now, random } = this.#hall;
    const answer = this.#answer;
    if (answer === undefined) return;
    const headers = headerBag(answer.headers);
    const refusal = this.#classify(answer, headers);
    if (refusal) this.#hall.recorder.refused(refusal);
    const at = now();
    const step = afterRefusal({
      status: answer.status,
      headers,
      refusal,
      attempt: this.#attempt,
      patienceMs: this.#patienceEnd - at,
      now: at,
      random,
    });
    const again = !this.#streams && !this.#hall.closing;
    if (again && step.kind === 'wait') {
      this.#attempt += 1;
      return this.#wait(step.delayMs);
    }
    if (this.#failsOver(refusal, again)) return;
    if (refusal) this.#hall.onRefusal(refusal);
    this.#passRefusal(refusal, step.kind === 'pass' && step.tooLong);
    this.onComplete(null);
  }

  /** Whether somebody else pays for the request now. Its own token is the caller's, and so is its money. */
  #failsOver(refusal: Refusal | undefined, again: boolean): boolean {
    const payment = this.#payment;
    if (!refusal || !payment || this.#ownToken !== undefined || this.#target?.kind === 'hub') return false;
    const retry = this.#hall.payers.refused(payment, refusal);
    if (!retry || !again) return false;
    this.#payment = retry;
    this.#try();
    return true;
  }

  #classify(answer: ResponseHead, headers: Record<string, string | string[]>): Refusal | undefined {
    const route = this.#route;
    if (route === undefined) return undefined;
    const model = this.#span && parseModelName(this.#span.model).id;
    const refusal = classifyRefusal({
      status: answer.status,
      headers,
      bodyText: refusalText(Buffer.concat(this.#refusalBody ?? []), answer.contentEncoding),
      url: route.origin + route.path,
      at: this.#hall.now(),
      source: 'gateway',
      answeredBy: answer.provider ?? route.provider ?? 'huggingface',
      billedTo: route.billedTo,
      ...(model !== undefined && { model }),
    });
    return refusal && this.#hall.payers.explained(refusal);
  }

  /** Hands a refusal on as it came, with what we know of it beside. */
  #passRefusal(refusal: Refusal | undefined, tooLong: boolean): void {
    this.#clearTimer();
    const answer = this.#answer;
    if (answer === undefined) return;
    const bag = headerBag(answer.headers);
    const added = refusalHeaders(refusal, this.#route?.billedTo ?? '', bag, tooLong, this.#hall.now());
    const body = this.#refusalBody ?? [];
    this.#refusalBody = undefined;
    this.#pass(answer, [...answer.headers, ...(answer.status === 403 && !refusal ? [] : added)]);
    for (const chunk of body) this.onData(chunk);
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

  // The client's response

  #pass(answer: ResponseHead, headers: string[]): void {
    this.#state = 'passing';
    const response = this.#response;
    response.sendDate = false;
    const text = answer.statusText;
    if (text === '' || !printable.test(text)) response.writeHead(answer.status, headers);
    else response.writeHead(answer.status, text, headers);
    this.#observation =
      this.#target?.kind === 'hub' || this.#method === 'HEAD'
        ? undefined
        : new Observation(this.#request.url?.startsWith('/v1/messages') === true, answer.contentEncoding);
    process.nextTick(flushExchange, this);
  }

  /** Sends what is there: the headers, and the first part of the body if it came along. */
  flush(): void {
    if (this.#flushed || this.#state !== 'passing') return;
    this.#flushed = true;
    const first = this.#first;
    this.#first = undefined;
    if (first === undefined) this.#response.flushHeaders();
    else if (!this.#response.write(first)) this.#pause();
  }

  /** Upstream waits until the client has read. */
  #pause(): boolean {
    if (!this.#paused) {
      this.#paused = true;
      this.#response.once('drain', onResponseDrain);
    }
    return false;
  }

  drained(): void {
    this.#paused = false;
    this.#resume?.();
  }

  /** Upstream broke off: so does the client's response, behind all that came. Never a proper end. */
  #break(): void {
    this.flush();
    this.#record();
    const { socket } = this.#response;
    if (socket === null) return;
    socket.setTimeout(lingerMs, () => socket.destroy());
    // without chunks or a length, an orderly end would look like the body's
    if (this.#response.chunkedEncoding || this.#answer?.contentLength !== undefined) socket.destroySoon();
    else socket.resetAndDestroy();
  }

  #answerError(error: GatewayError, tallied?: number): void {
    if (this.#state === 'done') return;
    this.#clearTimer();
    const { headers, body } = errorAnswer(error, this.#kind());
    const response = this.#response;
    if (!this.#request.complete) {
      // the rest of the body is read and dropped, or the client might never see the answer
      if (this.#expectsContinue) headers.push('connection', 'close');
      this.#upload?.destroy();
      this.#request.resume();
    }
    this.#record(tallied);
    response.writeHead(error.status, headers);
    response.end(body);
  }

  #kind(): GatewayTarget['kind'] {
    return this.#target?.kind ?? (this.#request.url?.startsWith('/hub/') ? 'hub' : 'router');
  }

  /** The response was sent, or can't be sent any more. */
  closed(): void {
    const unfinished = this.#state !== 'done';
    const state = this.#state;
    this.#clearTimer();
    if (!this.#request.complete)
      this.#hall.timers.setTimeout(() => this.#request.complete || this.#request.socket.destroy(), lingerMs);
    if (unfinished) {
      this.#record();
      if (state !== 'receiving') this.#abort?.(new Error('The client has gone'));
      this.#upload?.destroy();
    }
    this.#hall.inFlight.delete(this);
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#hall.timers.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Ends the exchange, once. @param status 0 when upstream did not answer. */
  #record(status = this.#answer?.status ?? 0): void {
    if (this.#state === 'done') return;
    this.#state = 'done';
    const hall = this.#hall;
    this.#forgetKept();
    const route = this.#route;
    if (route === undefined) return;
    const model = this.#span && parseModelName(this.#span.model).id;
    const provider = this.#answer?.provider ?? route.provider;
    const free = this.#isFree();
    hall.recorder.ended({
      at: this.#at,
      status,
      billedTo: route.billedTo,
      ...(provider !== undefined && { provider }),
      ...(model !== undefined && { model }),
      durationMs: hall.now() - this.#at,
      free,
      ...(!free && this.#observation && { body: this.#observation }),
    });
  }
}

const empty = Buffer.alloc(0);
const printable = /^[\t\x20-\x7e\x80-\xff]*$/;

function flushExchange(exchange: Exchange): void {
  exchange.flush();
}

function onRequestData(this: GatewayRequest, chunk: Buffer): void {
  this.exchange?.requestData(chunk);
}

function onRequestEnd(this: GatewayRequest): void {
  this.exchange?.requestEnd();
}

function onResponseDrain(this: GatewayResponse): void {
  this.exchange?.drained();
}

function onResponseClose(this: GatewayResponse): void {
  this.exchange?.closed();
}
