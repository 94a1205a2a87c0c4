import type { IncomingMessage } from 'node:http';
import { parseModelName } from '../../billing/modelName.ts';
import type { GatewayTarget } from '../../billing/route.ts';
import { untoldPatienceMs } from '../../limits/bounds.ts';
import type { BodyShare } from '../body/bodyShare.ts';
import { RequestBody, type RequestBodyListener } from '../body/requestBody.ts';
import { closing, type ErrorForm, errorForm, type GatewayError } from '../errors.ts';
import type { GatewayContext } from '../gatewayContext.ts';
import { shortened } from '../shortened.ts';
import { type Admission, hubPathOf, missingToken } from './admission.ts';
import { hasAddresses, isGit, isLfs, isLfsBatch } from './hubRoutes.ts';
import { type RequestHead, readRequestHead } from './requestHead.ts';
import { isMessages, parseTarget, type Served } from './targets.ts';

/** One of the gateway's two ports. */
export interface GatewayPort {
  readonly served: Served;
  readonly admission: Admission;
}

/** One client request: its head, admission and body. */
export class InboundRequest {
  readonly message: IncomingMessage;
  readonly method: string;
  readonly url: string;
  readonly head: RequestHead;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly #context: GatewayContext;
  readonly #port: GatewayPort;
  #target: GatewayTarget | undefined;
  #ownToken: string | undefined;
  #showsKey = false;
  #hasBasic = false;
  #body: RequestBody | undefined;

  constructor(context: GatewayContext, port: GatewayPort, message: IncomingMessage) {
    this.#context = context;
    this.#port = port;
    this.message = message;
    this.method = message.method ?? 'GET';
    this.url = message.url ?? '';
    this.receivedAt = context.now();
    this.head = readRequestHead(message.rawHeaders);
  }

  /** Why the request is not forwarded; undefined when it is. */
  admit(): GatewayError | undefined {
    const { method, url, head } = this;
    const { admission, served } = this.#port;
    const target = parseTarget(url, served);
    if (typeof target === 'object') this.#target = target;
    const caller = admission.admit(method, url, target, head);
    if ('status' in caller) return caller;
    this.#showsKey = caller.kind === 'key';
    if (this.#context.closing) return closing;
    if (caller.kind === 'token') this.#ownToken = caller.token;
    this.#hasBasic = caller.kind !== 'anonymous' && caller.isBasic === true;
    if (caller.kind === 'anonymous' && this.#target?.kind === 'hub') {
      this.#target = { ...this.#target, isAnonymous: true };
    }
    return undefined;
  }

  /** Reads the body of an admitted request. `listener.bodyReady` comes at once when there is nothing to wait for. */
  receiveBody(share: BodyShare, listener: RequestBodyListener): void {
    // a caller's own token is never replaced by a key
    const mayPayWithKey = this.#context.routes.usesKeys && this.#ownToken === undefined;
    const needsModel = mayPayWithKey && this.#target?.kind === 'router';
    this.#body = new RequestBody(this.#context, share, this.message, this.head, needsModel, listener);
    this.#body.start();
  }

  /** Why the request is not forwarded, now that its body has come. */
  checkBody(): GatewayError | undefined {
    const path = this.hubPath;
    if (path === undefined || !this.#isAnonymous || !isLfsBatch(path)) return undefined;
    return this.#body?.field('operation') === 'download' ? undefined : missingToken(path);
  }

  get #isAnonymous(): boolean {
    return this.#target?.kind === 'hub' && this.#target.isAnonymous === true;
  }

  /** Reads and drops the rest of the body. */
  drop(share: BodyShare): void {
    const { message } = this;
    if (this.#body) this.#body.drop();
    else if (!message.complete && message.listenerCount('data') === 0) {
      const readOn = () => message.resume();
      message.on('data', (chunk: Buffer) => {
        if (!share.received(chunk.length, readOn)) message.pause();
      });
    } else message.resume();
  }

  /** It was admitted with the gateway's key. */
  get showsKey(): boolean {
    return this.#showsKey;
  }

  get target(): GatewayTarget | undefined {
    return this.#target;
  }

  /** The caller's own token; its owner pays. */
  get ownToken(): string | undefined {
    return this.#ownToken;
  }

  /** Undefined before admission. */
  get body(): RequestBody | undefined {
    return this.#body;
  }

  /** Also when it was not admitted. */
  get errorForm(): ErrorForm {
    const path = this.hubPath ?? '';
    if (isGit(path)) return isLfs(path) ? 'lfs' : 'git';
    const isHub = this.#port.served === 'hub' || this.url.startsWith('/hub/');
    return errorForm(this.#target?.kind ?? (isHub ? 'hub' : 'router'), this.message.headers['user-agent']);
  }

  get isHub(): boolean {
    return this.#target?.kind === 'hub';
  }

  get isMessages(): boolean {
    return this.#target?.kind === 'router' && isMessages(this.#target.path);
  }

  /** GET and HEAD: safe to send twice. */
  get isSafe(): boolean {
    return this.method === 'GET' || this.method === 'HEAD';
  }

  /** Epoch ms until which it waits for money that HF holds; undefined: as long as for all else. */
  get moneyPatienceEnd(): number | undefined {
    return this.head.tellsPatience ? undefined : this.receivedAt + untoldPatienceMs;
  }

  /** Costs nothing. */
  get isFree(): boolean {
    return this.isHub || this.isSafe;
  }

  /** Billed to the selected payer, not to a token of the caller's own. */
  get isBilled(): boolean {
    return this.#ownToken === undefined && !this.isFree;
  }

  /** It can be sent any number of times. */
  get isRepeatable(): boolean {
    return this.#body?.isRepeatable === true;
  }

  /** As in the body, with its suffix. */
  get model(): string | undefined {
    return this.#body?.model?.model;
  }

  /** Without the suffix. */
  get modelId(): string | undefined {
    const { model } = this;
    return model === undefined ? undefined : shortened(parseModelName(model).id);
  }

  /** The Hub's address for this caller, without a trailing slash. Admission has checked its host. */
  get hubAddress(): string {
    return `http://${this.head.host ?? ''}${this.#port.served === 'hub' ? '' : '/hub'}`;
  }

  /** The response may have addresses of the Hub in it. */
  get hasAddresses(): boolean {
    const path = this.hubPath;
    return path !== undefined && hasAddresses(this.method, path);
  }

  /** The credential goes on as git sent it. */
  get isBasic(): boolean {
    return this.#hasBasic && isGit(this.hubPath ?? '');
  }

  /** The Hub's path, without the query. */
  get hubPath(): string | undefined {
    return hubPathOf(this.#target);
  }
}
