import type { Dispatcher } from 'undici';
import { parseModelName, unlistedName } from '../../billing/modelName.ts';
import { isDirect } from '../../billing/route.ts';
import { longestDescriptorWaitMs } from '../../limits/bounds.ts';
import { asBasic } from '../admission/basicCredentials.ts';
import type { InboundRequest } from '../admission/inboundRequest.ts';
import { without } from '../admission/requestHead.ts';
import type { ModelSpan } from '../body/requestModel.ts';
import { isOutOfDescriptors } from '../descriptors.ts';
import { type GatewayError, modelNotSupported, modelUnknown } from '../errors.ts';
import type { GatewayContext } from '../gatewayContext.ts';
import type { GatewayModels } from '../options.ts';
import type { RawHeaders, ResponseHead } from '../relay/responseHead.ts';
import type { PacedRoute } from './routes.ts';

/** Receives the body of one response. Its functions must not throw. */
export interface ResponseListener {
  responseData(chunk: Buffer): void;
  responseEnded(trailers: RawHeaders): void;
  /** No response, or only the beginning of one. */
  responseFailed(error: unknown): void;
}

export interface UpstreamListener extends ResponseListener {
  /** Nothing was sent: the provider can't serve the model. */
  unsendable(error: GatewayError): void;
  responseStarted(status: number, statusText: string, headers: RawHeaders): void;
  /** Runs a step that may throw. */
  step(run: () => void): void;
}

/** Receives the result of the tries. */
export interface TriesListener extends ResponseListener {
  /** The body follows from `source`. */
  relay(head: ResponseHead, headers: string[], source: UpstreamTry): void;
  /** No response is relayed. */
  respond(error: GatewayError): void;
  /** Runs a step that may throw. */
  step(run: () => void): void;
}

/** One try of a request upstream, as undici's handler. */
export class UpstreamTry implements Dispatcher.DispatchHandler {
  readonly #context: GatewayContext;
  readonly #request: InboundRequest;
  readonly route: PacedRoute;
  readonly #sessionId: string | undefined;
  readonly #listener: UpstreamListener;
  /** Undefined once the try ended or was abandoned. */
  #body: ResponseListener | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  /** Of a model's translation. */
  #translating: AbortController | undefined;
  #renamed: ModelSpan | undefined;
  /** Until a descriptor is free. */
  #waiting: object | number | undefined;
  /** Epoch ms; undefined before the first wait. */
  #waitsUntil: number | undefined;

  constructor(
    context: GatewayContext,
    request: InboundRequest,
    route: PacedRoute,
    sessionId: string | undefined,
    listener: UpstreamListener,
  ) {
    this.#context = context;
    this.#request = request;
    this.route = route;
    this.#sessionId = sessionId;
    this.#listener = listener;
    this.#body = listener;
  }

  /** A part of the request was written to a connection. */
  get isSent(): boolean {
    return this.#controller !== undefined;
  }

  start(): void {
    const { translate: provider } = this.route;
    const model = this.#request.body?.model;
    if (provider === undefined || model === undefined) {
      this.#send(undefined);
      return;
    }
    this.#translating = new AbortController();
    void translate(model, provider, this.#context.models, this.#translating.signal).then(named =>
      this.#listener.step(() => {
        if (!this.#body) return;
        if ('status' in named) this.#listener.unsendable(named);
        else this.#send(named);
      }),
    );
  }

  abandon(): void {
    if (this.#end() === undefined) return;
    const reason = new Error('The exchange has ended');
    this.#translating?.abort(reason);
    this.#controller?.abort(reason);
    if (this.#waiting !== undefined) this.#context.timers.clearTimeout(this.#waiting);
  }

  /** The rest of the response goes to `listener`. */
  handOver(listener: ResponseListener): void {
    if (this.#body) this.#body = listener;
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  /** @param renamed the model as the provider names it, where the body has another name */
  #send(renamed: ModelSpan | undefined): void {
    const { dispatcher, recorder } = this.#context;
    this.#renamed = renamed;
    if (!this.#request.isFree) recorder.expects();
    const found = typeof dispatcher === 'function' ? dispatcher() : dispatcher;
    if (found instanceof Promise) {
      found.then(
        loaded => this.#listener.step(() => this.#dispatch(loaded, renamed)),
        error => this.#end()?.responseFailed(error),
      );
    } else this.#dispatch(found, renamed);
  }

  /** Others give theirs back: idle connections at once, requests when they end. */
  #waitForDescriptor(error: Error): void {
    const { timers, connections, descriptors, now, random } = this.#context;
    descriptors.log('no connection to upstream can be opened. Requests wait until others end');
    this.#waitsUntil ??= now() + longestDescriptorWaitMs;
    if (now() >= this.#waitsUntil) {
      this.#end()?.responseFailed(error);
      return;
    }
    connections.makeRoom();
    this.#waiting = timers.setTimeout(
      () => this.#listener.step(() => this.#send(this.#renamed)),
      50 + random() * 100,
    );
  }

  #dispatch(dispatcher: Dispatcher, renamed: ModelSpan | undefined): void {
    if (!this.#body) return;
    const { method, body } = this.#request;
    const { origin, path } = this.route;
    try {
      const headers = this.#headers(body?.outgoingLength(renamed), renamed);
      // no time limits: clients have their own, and models may think for long
      const limits = { headersTimeout: 0, bodyTimeout: 0 };
      const request = { origin, path, method, headers, body: body?.outgoing(renamed) ?? null, ...limits };
      dispatcher.dispatch(request, this);
    } catch (error) {
      this.#end()?.responseFailed(error);
    }
  }

  /** The caller's headers and the route's. @param length of a streamed body */
  #headers(length: string | undefined, renamed: ModelSpan | undefined): string[] {
    const { route } = this;
    const { head, hasAddresses, isBasic } = this.#request;
    const headers = isDirect(route) ? withoutHubs(head.forwarded) : head.forwarded.slice();
    if (hasAddresses) headers.splice(0, headers.length, ...without(headers, compressed), ...plain);
    for (const name in route.headers) {
      const value = route.headers[name] ?? '';
      headers.push(name, isBasic && name === 'authorization' ? asBasic(value) : value);
    }
    if (this.#sessionId !== undefined && !head.hasSession) headers.push('x-hf-session-id', this.#sessionId);
    if (length !== undefined) headers.push('content-length', length);
    return renamed === undefined ? headers : without(headers, sentPlain);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#body) this.#controller = controller;
    else controller.abort(new Error('The exchange has ended'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusText = '',
  ): void {
    if (status < 200 || !this.#body) return;
    const { rawHeaders } = controller;
    // undici would keep 3 KiB of buffers for each open stream
    controller.rawHeaders = null;
    this.#listener.responseStarted(status, statusText, rawHeaders);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.responseData(chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.#end()?.responseEnded(controller.rawTrailers);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#body) return;
    if (this.isSent || !isOutOfDescriptors(error)) this.#end()?.responseFailed(error);
    else this.#listener.step(() => this.#waitForDescriptor(error));
  }

  #end(): ResponseListener | undefined {
    const body = this.#body;
    this.#body = undefined;
    return body;
  }
}

/** Addresses are not looked for in compressed bodies. */
const compressed = new Set(['accept-encoding']);
const plain = ['accept-encoding', 'identity'];
/** Of a body that was compressed when it came. */
const sentPlain: ReadonlySet<string> = new Set(['content-encoding']);

/** Without what is meant for Hugging Face. */
function withoutHubs(headers: readonly string[]): string[] {
  return headers.filter((_, index) => !/^x-hf-/i.test(headers[index - (index % 2)] ?? ''));
}

/** The model's place in the body with the provider's own name of it, or why there is none. Never rejects. */
async function translate(
  span: ModelSpan,
  provider: string,
  models: GatewayModels,
  signal: AbortSignal,
): Promise<ModelSpan | GatewayError> {
  const { id } = parseModelName(span.model);
  const own = unlistedName(provider, id);
  if (own !== undefined) return { ...span, model: own };
  try {
    const model = await models.find(provider, id, signal);
    if (model !== undefined) return { ...span, model };
    return modelNotSupported(provider, id, await models.providersOf(id, signal));
  } catch {
    return modelUnknown;
  }
}
