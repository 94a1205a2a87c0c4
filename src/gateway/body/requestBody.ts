import type { Trailers } from '../../hub/trailers.ts';
import type { RequestHead } from '../admission/requestHead.ts';
import { busy, type GatewayError, slowBody } from '../errors.ts';
import type { GatewayRequest, Hall } from '../gatewayContext.ts';
import { latin1 } from '../latin1.ts';
import { requestTrailers } from '../requestTrailers.ts';
import { ReadAhead } from './readAhead.ts';
import { findModel, type ModelSpan, spliceModel } from './requestModel.ts';
import { Upload } from './upload.ts';

/** JSON up to this size is kept, to know its model and to be able to send it again. */
const mostKept = 1024 * 1024;
/** A body whose model has to be replaced is kept until the model is found. */
const mostSearched = 32 * 1024 * 1024;
const mostBufferedBytes = 128 * 1024 * 1024;
/** More of it is not looked at to estimate its tokens. */
const mostText = 128 * 1024;
/** Ticks without progress. */
const slowTicks = 3;

export interface IntakeListener {
  /** The request can go upstream: its body is there, or begins to stream. Called once. */
  readonly received: () => void;
  readonly failed: (error: GatewayError) => void;
}

/** The body of one request: kept when it is small JSON, else passed on as it comes. */
export class Intake {
  readonly #hall: Hall;
  readonly #request: GatewayRequest;
  readonly #length: string | undefined;
  /** Whether a model that comes late is waited for. */
  readonly #needsModel: boolean;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #body: Buffer | undefined;
  #upload: Upload | undefined;
  #ahead: ReadAhead | undefined;
  #progressTick: number;
  #searchAgainAt = 0;
  #state: 'none' | 'keeping' | 'whole' | 'streaming' = 'none';
  /** Where the body names its model, if it does and that is known. */
  model: ModelSpan | undefined;
  /** What was announced to follow the body. */
  trailers: Trailers | undefined;

  constructor(hall: Hall, request: GatewayRequest, head: RequestHead, needsModel: boolean) {
    this.#hall = hall;
    this.#request = request;
    this.#length = head.contentLength;
    this.#needsModel = needsModel;
    this.#progressTick = hall.tick;
    if (
      head.transferEncoding === undefined &&
      (head.contentLength === undefined || head.contentLength === '0')
    ) {
      return;
    }
    // only chunks have room behind them
    if (head.trailers !== undefined && head.transferEncoding !== undefined) {
      this.trailers = requestTrailers(request, head.trailers);
    }
    const json = head.contentType !== undefined && /\bjson\b/i.test(head.contentType);
    this.#state = json && head.contentEncoding === undefined ? 'keeping' : 'streaming';
    if (this.#state === 'keeping') request.isDirect = true;
    else this.#stream();
  }

  /** Nothing is left to wait for before the request goes upstream. */
  get isReady(): boolean {
    return this.#state !== 'keeping';
  }

  /** It can be sent any number of times. */
  get isRepeatable(): boolean {
    return this.#state === 'none' || this.#state === 'whole';
  }

  /** Byte for byte, of a body that is kept and not very large. */
  get text(): string {
    const body = this.#state === 'whole' ? this.#body : undefined;
    return body === undefined ? '' : latin1(body.length <= mostText ? body : body.subarray(0, mostText));
  }

  data(chunk: Buffer, listener: IntakeListener): void {
    this.#progressTick = this.#hall.tick;
    if (this.#upload) this.#upload.append(chunk);
    else if (this.#state === 'keeping') this.#keep(chunk, listener);
    else if (this.#ahead) {
      this.#append(chunk);
      this.#ahead.passed(chunk.length);
    }
  }

  end(listener: IntakeListener): void {
    if (this.#upload) this.#upload.finish();
    this.#ahead?.stop();
    if (this.#state !== 'keeping') return;
    this.#state = 'whole';
    this.#body = this.#kept.length === 1 ? this.#kept[0] : Buffer.concat(this.#kept, this.#keptBytes);
    this.#kept = [];
    this.model = this.#body && findModel(this.#body);
    listener.received();
  }

  /** It waits for its turn, and its client may go away meanwhile. */
  readAhead(): void {
    if (this.#state !== 'streaming' || this.#upload || this.#request.readableEnded) return;
    this.#ahead ??= new ReadAhead(this.#hall, this.#request);
  }

  /** What goes upstream. @param renamed the model as the provider names it, where the body has another name. */
  outgoing(renamed: ModelSpan | undefined): Buffer | Upload | undefined {
    if (this.#state === 'whole' && this.#body) return renamed ? spliceModel(this.#body, renamed) : this.#body;
    if (this.#state !== 'streaming') return undefined;
    if (this.#upload === undefined) {
      const [first, ...others] = this.#kept;
      const begun = renamed && first ? [spliceModel(first, renamed), ...others] : this.#kept;
      this.#ahead?.stop();
      this.#upload = new Upload(this.#request, begun);
      this.forget();
    }
    return this.#upload;
  }

  /** The `Content-Length` to send, where undici does not know it by itself. */
  outgoingLength(renamed: ModelSpan | undefined): string | undefined {
    if (this.#length === undefined || this.#state === 'whole') return undefined;
    if (renamed === undefined) return this.#length;
    const { model, start, end } = renamed;
    return String(Number(this.#length) + Buffer.byteLength(JSON.stringify(model)) - (end - start));
  }

  /** Called at each tick: a client that sends nothing while it is waited for is cut off. */
  checkProgress(tick: number, listener: IntakeListener): void {
    const waits = this.#state === 'keeping' || (this.#state === 'streaming' && !this.#request.isPaused());
    if (!waits || this.#request.complete || tick - this.#progressTick < slowTicks) return;
    if (this.#state === 'keeping') listener.failed(slowBody);
    else this.#request.socket.destroy();
  }

  /** What still comes is read and dropped, or the client might never see the answer. */
  drop(): void {
    this.#upload?.destroy();
    this.#ahead?.stop();
    this.#ahead = undefined;
    this.forget();
    this.#request.isDirect = false;
    if (!this.#request.complete) this.#request.resume();
  }

  forget(): void {
    this.#hall.bufferedBytes -= this.#keptBytes;
    this.#keptBytes = 0;
    this.#kept = [];
  }

  #keep(chunk: Buffer, listener: IntakeListener): void {
    this.#append(chunk);
    if (this.#hall.bufferedBytes > mostBufferedBytes) listener.failed(busy);
    else if (this.#keptBytes > mostKept) this.#outgrown(listener);
  }

  #append(chunk: Buffer): void {
    this.#kept.push(chunk);
    this.#keptBytes += chunk.length;
    this.#hall.bufferedBytes += chunk.length;
  }

  /** Too large to be kept: it streams, unless a provider needs another name of a model that did not come yet. */
  #outgrown(listener: IntakeListener): void {
    // once more for each doubling: a search costs as much as what was kept
    if (this.#needsModel && this.#keptBytes < this.#searchAgainAt) return;
    this.#searchAgainAt = this.#keptBytes * 2;
    const begun = Buffer.concat(this.#kept, this.#keptBytes);
    this.#kept = [begun];
    this.model = findModel(begun);
    if (this.model === undefined && this.#needsModel && this.#keptBytes <= mostSearched) return;
    this.#stream();
    listener.received();
  }

  /** Nothing comes until undici asks for it. */
  #stream(): void {
    this.#state = 'streaming';
    this.#request.isDirect = false;
    this.#request.pause();
    this.#request.on('data', onRequestData).on('end', onRequestEnd);
  }
}

function onRequestData(this: GatewayRequest, chunk: Buffer): void {
  this.exchange?.requestData(chunk);
}

function onRequestEnd(this: GatewayRequest): void {
  this.exchange?.requestEnd();
}
