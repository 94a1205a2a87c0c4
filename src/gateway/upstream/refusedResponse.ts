import { isDirect, type Route } from '../../billing/route.ts';
import { mostRefusalBytes } from '../../limits/bounds.ts';
import { type HeaderBag, headerValue } from '../../limits/headers/headers.ts';
import { partnerIn } from '../../limits/refusals/answeredBy.ts';
import { classifyRefusal, type Refusal } from '../../limits/refusals/refusal.ts';
import type { InboundRequest } from '../admission/inboundRequest.ts';
import type { Turn } from '../pacing/turn.ts';
import { decodedText } from '../relay/contentDecoding.ts';
import { headerBag, type RawHeaders, type ResponseHead } from '../relay/responseHead.ts';
import { shortened } from '../shortened.ts';
import type { PacedRoute } from './routes.ts';
import type { UpstreamTry } from './upstreamTry.ts';

/** A response that may be a refusal, kept until it is classified: a retry may take its place. */
export class RefusedResponse {
  readonly head: ResponseHead;
  readonly source: UpstreamTry;
  readonly headers: HeaderBag;
  readonly body: Buffer[] = [];
  #bytes = 0;
  #trailers: { readonly raw: RawHeaders } | undefined;
  #isReported = false;
  #refusal: Refusal | undefined;

  constructor(head: ResponseHead, source: UpstreamTry) {
    this.head = head;
    this.source = source;
    this.headers = headerBag(head.headers);
  }

  /** False: the body is too long to be read. */
  add(chunk: Buffer): boolean {
    this.body.push(chunk);
    this.#bytes += chunk.length;
    return this.#bytes <= mostRefusalBytes;
  }

  /** Its words; a promise while they are decompressed. */
  complete(raw: RawHeaders): string | Promise<string> {
    this.#trailers = { raw };
    return decodedText(Buffer.concat(this.body), this.head.contentEncoding, mostRefusalBytes);
  }

  get route(): PacedRoute {
    return this.source.route;
  }

  /** Undefined: more of the body may come. */
  get trailers(): { readonly raw: RawHeaders } | undefined {
    return this.#trailers;
  }

  /** Tells the limits that the request counts against, once. */
  reportTo(turn: Turn): void {
    if (this.#isReported) return;
    this.#isReported = true;
    // another server may have room, and the caller may ask it
    if (this.head.status === 503) turn.ended();
    else if (this.#refusal) turn.refused(this.head, this.#refusal);
    else if (this.head.status === 429) turn.refused(this.head, { cause: 'unknown' });
    else turn.answered(this.head);
  }

  /** A partner behind the router answered, which says nothing of the payer's money or rights at Hugging Face. */
  get isPartners(): boolean {
    return !isDirect(this.route) && partnerIn(this.headers) !== undefined;
  }

  /** Undefined: no limit, or not classified. */
  get refusal(): Refusal | undefined {
    return this.#refusal;
  }

  /** @param explain tells an unsettled hold from used up credits */
  classify(
    text: string,
    at: number,
    { modelId: model, isHub }: Pick<InboundRequest, 'modelId' | 'isHub'>,
    explain: (refusal: Refusal) => Refusal,
  ): Refusal | undefined {
    const { head, route, headers } = this;
    const { origin, path, billedTo } = route;
    const isOfKey = isDirect(route);
    const refusal = classifyRefusal({
      status: head.status,
      headers,
      bodyText: withoutCredential(text, route),
      url: origin + path,
      at,
      source: 'gateway',
      answeredBy: shortened((isOfKey ? undefined : head.provider) ?? route.provider ?? 'huggingface'),
      ...(isOfKey && { partner: route.provider }),
      isRouted: !isOfKey && !isHub,
      billedTo,
      ...(model !== undefined && { model }),
    });
    this.#refusal = refusal && explain(refusal);
    return this.#refusal;
  }

  /** Headers that explain the refusal to the caller. @param isBilled the request would have cost something */
  explanation(tooLong: boolean, isBilled: boolean, now: number): string[] {
    const { route, headers } = this;
    const { status } = this.head;
    const refusal = this.#refusal;
    const billedTo = ['x-headroom-billed-to', route.billedTo];
    if (status === 503 || (refusal === undefined && status !== 429 && status !== 402)) {
      return isBilled ? billedTo : [];
    }
    if (refusal === undefined) return billedTo;
    const added = [...billedTo, 'x-headroom-cause', refusal.cause];
    const { resetsAt } = refusal;
    if (resetsAt !== undefined) {
      added.push('x-headroom-resets-at', new Date(resetsAt).toISOString());
      if (headerValue(headers, 'retry-after') === undefined) {
        added.push('retry-after', String(Math.max(0, Math.ceil((resetsAt - now) / 1000))));
      }
    }
    if (tooLong && headerValue(headers, 'x-should-retry') === undefined)
      added.push('x-should-retry', 'false');
    return added;
  }
}

/** Servers repeat the key that they refuse, and not all keys look like one. */
function withoutCredential(text: string, { headers }: Route): string {
  const credential = headers.authorization?.replace(/^\S+ /, '');
  return credential ? text.replaceAll(credential, '[redacted]') : text;
}
