import type { Socket } from 'node:net';
import { parseModelName } from '../billing/modelName.ts';
import type { GatewayTarget } from '../billing/route.ts';
import { type RequestHead, readRequestHead } from './admission/requestHead.ts';
import { parseTarget } from './admission/targets.ts';
import { misfit } from './admission/unsupportedRequest.ts';
import { Intake, type IntakeListener } from './body/requestBody.ts';
import { closing, type GatewayError } from './errors.ts';
import type { GatewayRequest, GatewayResponse, Hall } from './gatewayContext.ts';
import { shortened } from './shortened.ts';

/**
 * What a client asks for: let in or not, and its body. With its subclasses one object, since each further one of a
 * request would show in the time that it takes.
 */
export abstract class Asked implements IntakeListener {
  protected readonly hall: Hall;
  protected readonly request: GatewayRequest;
  protected readonly response: GatewayResponse;
  protected readonly method: string;
  /** When it came in, epoch ms. */
  protected readonly at: number;
  protected head: RequestHead | undefined;
  protected target: GatewayTarget | undefined;
  /** The caller's own token, which pays. */
  protected ownToken: string | undefined;
  /** The client was not told yet to send its body. */
  protected expectsContinue: boolean;
  protected intake: Intake | undefined;

  /** @param expectsContinue the client waits for a word before it sends the body. */
  constructor(hall: Hall, request: GatewayRequest, response: GatewayResponse, expectsContinue: boolean) {
    this.hall = hall;
    this.request = request;
    this.response = response;
    this.method = request.method ?? 'GET';
    this.at = hall.now();
    this.expectsContinue = expectsContinue;
  }

  /** The request can go upstream. */
  abstract received(): void;

  /** It can't, or nothing came of it. */
  abstract failed(error: GatewayError): void;

  get socket(): Socket {
    return this.request.socket;
  }

  begin(): void {
    const url = this.request.url ?? '';
    const head = readRequestHead(this.request.rawHeaders);
    this.head = head;
    const target = parseTarget(url);
    if (typeof target === 'object') this.target = target;
    const admission = this.hall.door.admit(this.method, url, target, head);
    if ('status' in admission) {
      this.failed(admission);
      return;
    }
    const error = this.hall.closing ? closing : misfit(this.method, target, head);
    if (error) {
      this.failed(error);
      return;
    }
    this.ownToken = admission.ownToken;
    if (admission.isAnonymous && this.target?.kind === 'hub') {
      this.target = { ...this.target, isAnonymous: true };
    }
    if (this.expectsContinue) this.response.writeContinue();
    this.expectsContinue = false;
    const needsModel = this.hall.routes.usesKeys && this.target?.kind === 'router';
    this.intake = new Intake(this.hall, this.request, head, needsModel);
    if (this.intake.isReady) this.received();
  }

  requestData(chunk: Buffer): void {
    this.intake?.data(chunk, this);
  }

  requestEnd(): void {
    this.intake?.end(this);
  }

  checkProgress(tick: number): void {
    this.intake?.checkProgress(tick, this);
  }

  protected get isHarmless(): boolean {
    return this.method === 'GET' || this.method === 'HEAD';
  }

  /** Nobody is billed for it. */
  protected get isFree(): boolean {
    return this.target?.kind === 'hub' || this.isHarmless;
  }

  /** Whoever was chosen pays for it, not a token of the caller's own. */
  protected get isBilled(): boolean {
    return this.ownToken === undefined && !this.isFree;
  }

  /** Without its suffix. */
  protected get modelId(): string | undefined {
    const model = this.intake?.model?.model;
    return model === undefined ? undefined : shortened(parseModelName(model).id);
  }
}
