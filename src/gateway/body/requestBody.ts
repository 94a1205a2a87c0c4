import type { IncomingMessage } from 'node:http';
import { mostSearchedBodyBytes } from '../../limits/bounds.ts';
import type { RequestHead } from '../admission/requestHead.ts';
import { busy, type GatewayError, slowBody } from '../errors.ts';
import type { GatewayContext } from '../gatewayContext.ts';
import { decode, isEncoded } from '../relay/contentDecoding.ts';
import { BodyProgress } from './bodyProgress.ts';
import type { BodyShare } from './bodyShare.ts';
import { ReadAhead } from './readAhead.ts';
import { findModel, findString, type ModelSpan, spliceModel } from './requestModel.ts';
import { Upload } from './upload.ts';

/** JSON up to this size is kept, to know its model and to send it again. */
const maxKeptBytes = 1024 * 1024;
/** Enough to estimate a request's tokens. */
const maxTextBytes = 128 * 1024;

export interface RequestBodyListener {
  /** The body is complete, or begins to stream. Called once. */
  bodyReady(): void;
  bodyFailed(error: GatewayError): void;
  /** Runs a step that may throw. */
  step(run: () => void): void;
}

type State =
  /** The request has none. */
  'none' | 'keeping' | 'decoding' | 'whole' | 'streaming' | 'dropped';

/** The body of one request: small JSON is kept, everything else streams. */
export class RequestBody {
  readonly #context: GatewayContext;
  readonly #share: BodyShare;
  readonly #request: IncomingMessage;
  readonly #listener: RequestBodyListener;
  readonly #length: string | undefined;
  /** A model that comes late is waited for. */
  readonly #needsModel: boolean;
  #state: State;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #whole: Buffer | undefined;
  /** Of a body that is kept although it is compressed. */
  readonly #encoding: string | undefined;
  #decoded: Buffer | undefined;
  #upload: Upload | undefined;
  #ahead: ReadAhead | undefined;
  readonly #progress: BodyProgress;
  /** Its share takes no more for now. */
  #isHeldBack = false;
  #isReadLater = false;
  #searchAgainAtBytes = 0;
  #model: ModelSpan | undefined;

  constructor(
    context: GatewayContext,
    share: BodyShare,
    request: IncomingMessage,
    { contentLength, contentType, contentEncoding, transferEncoding }: RequestHead,
    needsModel: boolean,
    listener: RequestBodyListener,
  ) {
    this.#context = context;
    this.#share = share;
    this.#request = request;
    this.#listener = listener;
    this.#length = contentLength;
    this.#needsModel = needsModel;
    this.#progress = new BodyProgress(context.tick, share.patience);
    const isEmpty = transferEncoding === undefined && (contentLength === undefined || contentLength === '0');
    const isJson = contentType !== undefined && /\bjson\b/i.test(contentType);
    if (isEmpty) this.#state = 'none';
    else this.#state = isJson && (needsModel || !isEncoded(contentEncoding)) ? 'keeping' : 'streaming';
    this.#encoding = isEncoded(contentEncoding) ? contentEncoding : undefined;
  }

  start(): void {
    if (this.#state === 'none') {
      this.#listener.bodyReady();
      return;
    }
    const listener = this.#listener;
    this.#request.on('data', (chunk: Buffer) => listener.step(() => this.#data(chunk)));
    this.#request.on('end', () => listener.step(() => this.#end()));
    if (this.#state === 'streaming') this.#stream();
  }

  /** Where the body names its model, as far as it was kept. */
  get model(): ModelSpan | undefined {
    return this.#model;
  }

  /** The coding of a compressed body whose model can't be known. */
  get unreadCoding(): string | undefined {
    return this.#decoded === undefined ? this.#encoding : undefined;
  }

  get isRepeatable(): boolean {
    return this.#state === 'none' || this.#state === 'whole';
  }

  /** The beginning of a kept body, a character for each byte. */
  get text(): string {
    if (this.#state !== 'whole') return '';
    return (this.#decoded ?? this.#whole)?.toString('latin1', 0, maxTextBytes) ?? '';
  }

  /** A text on the top level of a kept body. */
  field(name: string): string | undefined {
    return this.#whole && findString(this.#whole, name)?.value;
  }

  /** The request waits for its turn, and its client may leave meanwhile. */
  readAhead(): void {
    if (this.#state !== 'streaming' || this.#upload || this.#request.readableEnded) return;
    this.#ahead ??= new ReadAhead(this.#context.timers, this.#share, this.#request);
  }

  /** The body to send, uncompressed if it is changed. @param renamed the provider's own name of the model */
  outgoing(renamed: ModelSpan | undefined): Buffer | Upload | null {
    if (this.#state === 'whole' && this.#whole) {
      return renamed ? spliceModel(this.#decoded ?? this.#whole, renamed) : this.#whole;
    }
    if (this.#state !== 'streaming') return null;
    if (this.#upload === undefined) {
      const [first, ...others] = this.#kept;
      const begun = renamed && first ? [spliceModel(first, renamed), ...others] : this.#kept;
      this.#ahead?.stop();
      this.#upload = new Upload(this.#request, begun, () => this.#read());
      this.release();
    }
    return this.#upload;
  }

  /** The `Content-Length` to send with a streamed body; undici knows a kept one's. */
  outgoingLength(renamed: ModelSpan | undefined): string | undefined {
    if (this.#length === undefined || this.#state === 'whole') return undefined;
    if (renamed === undefined) return this.#length;
    const { model, start, end } = renamed;
    return String(Number(this.#length) + Buffer.byteLength(JSON.stringify(model)) - (end - start));
  }

  /** Cuts off a client that sends too little while it is waited for. */
  checkProgress(tick: number): void {
    const waits = this.#state === 'keeping' || this.#state === 'streaming';
    if (!waits || this.#request.isPaused() || this.#request.complete) this.#progress.restart(tick);
    else if (!this.#progress.isTooSlow(tick)) return;
    else if (this.#state === 'keeping') this.#listener.bodyFailed(slowBody);
    else this.#request.socket.destroy();
  }

  /** Reads and drops the rest: a client that can't finish sending might never read its response. */
  drop(): void {
    if (this.#state !== 'none') this.#state = 'dropped';
    this.#upload?.destroy();
    this.#ahead?.stop();
    this.#ahead = undefined;
    this.release();
    if (!this.#request.complete) this.#read();
  }

  /** Gives back the memory of what was kept; the request is not sent again. */
  release(): void {
    this.#share.bytes -= this.#keptBytes;
    this.#keptBytes = 0;
    this.#kept = [];
    this.#whole = this.#decoded = undefined;
  }

  #data(chunk: Buffer): void {
    this.#progress.received(chunk.length);
    if (!this.#share.received(chunk.length, this.#goOn)) this.#holdBack();
    if (this.#upload) this.#upload.append(chunk);
    else if (this.#state === 'keeping') this.#keep(chunk);
    else if (this.#ahead) {
      this.#append(chunk);
      this.#ahead.passed(chunk.length);
    }
  }

  #end(): void {
    this.#upload?.finish();
    this.#ahead?.stop();
    if (this.#state !== 'keeping') return;
    this.#whole = this.#kept.length === 1 ? this.#kept[0] : Buffer.concat(this.#kept, this.#keptBytes);
    this.#kept = [];
    if (this.#encoding === undefined) this.#complete(this.#whole);
    else this.#decode(this.#whole ?? Buffer.alloc(0), this.#encoding);
  }

  #complete(readable: Buffer | undefined): void {
    this.#state = 'whole';
    this.#model = readable && findModel(readable);
    this.#listener.bodyReady();
  }

  /** Its model is looked for; it is sent as it came unless that is replaced. */
  #decode(whole: Buffer, encoding: string): void {
    this.#state = 'decoding';
    const add = (part: Buffer) => this.#listener.step(() => this.#addDecoded(part));
    void decode(whole, encoding, mostSearchedBodyBytes, add).then(isWhole =>
      this.#listener.step(() => {
        if (this.#state !== 'decoding') return;
        if (isWhole) this.#decoded = Buffer.concat(this.#kept);
        this.#kept = [];
        this.#complete(this.#decoded);
      }),
    );
  }

  #addDecoded(part: Buffer): void {
    if (this.#state !== 'decoding') return;
    this.#append(part);
    if (this.#share.bytes > this.#share.mostBytes) this.#listener.bodyFailed(busy);
  }

  #keep(chunk: Buffer): void {
    this.#append(chunk);
    if (this.#share.bytes > this.#share.mostBytes) this.#listener.bodyFailed(busy);
    else if (this.#keptBytes > maxKeptBytes) this.#outgrow();
  }

  #append(chunk: Buffer): void {
    this.#kept.push(chunk);
    this.#keptBytes += chunk.length;
    this.#share.bytes += chunk.length;
  }

  /** Too large to keep: it streams, unless a provider needs its own name of a model that has not come yet. */
  #outgrow(): void {
    // once for each doubling: a search costs as much as all that was kept
    if (this.#needsModel && this.#keptBytes < this.#searchAgainAtBytes) return;
    if (this.#encoding !== undefined) {
      if (this.#keptBytes > mostSearchedBodyBytes) this.#stream();
      return;
    }
    this.#searchAgainAtBytes = this.#keptBytes * 2;
    const begun = Buffer.concat(this.#kept, this.#keptBytes);
    this.#kept = [begun];
    this.#model = findModel(begun);
    if (this.#model === undefined && this.#needsModel && this.#keptBytes <= mostSearchedBodyBytes) return;
    this.#stream();
  }

  #read(): void {
    if (this.#isHeldBack) this.#isReadLater = true;
    else this.#request.resume();
  }

  #holdBack(): void {
    this.#isHeldBack = true;
    this.#isReadLater = this.#state !== 'streaming';
    this.#request.pause();
  }

  readonly #goOn = (): void => {
    this.#isHeldBack = false;
    if (this.#isReadLater) this.#request.resume();
  };

  /** Nothing more is read until upstream asks for it. */
  #stream(): void {
    this.#state = 'streaming';
    this.#request.pause();
    this.#listener.bodyReady();
  }
}
