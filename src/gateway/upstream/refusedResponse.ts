import type { MoneyReason } from '../../billing/failover.ts';
import type { BillingProfile } from '../../billing/profile.ts';
import type { Route } from '../../billing/route.ts';
import type { HeaderBag } from '../../limits/headers/headers.ts';
import { classifyRefusal, type Refusal } from '../../limits/refusals/refusal.ts';
import { headerBag, type ResponseHead } from '../relay/responseHead.ts';
import { refusalText } from '../relay/usageObservation.ts';
import { shortened } from '../shortened.ts';
import { refusalHeaders } from './retryDecision.ts';
import type { CountedRoute } from './routes.ts';

/** Beyond this a refusal is handed on without having been understood. */
const mostBytes = 64 * 1024;

/** An answer that may be a refusal: kept until it is understood, since another one may take its place. */
export class RefusedAnswer {
  readonly head: ResponseHead;
  /** Which was refused. */
  readonly route: CountedRoute;
  /** Lets upstream go on. */
  readonly resume: () => void;
  readonly body: Buffer[] = [];
  /** Nothing more of it comes. */
  isWhole = false;
  /** The limits that it counts against have been told. */
  isCounted = false;
  #bytes = 0;
  #bag: HeaderBag | undefined;
  /** Undefined: not understood yet, or no limit. */
  refusal: Refusal | undefined;

  constructor(head: ResponseHead, route: CountedRoute, resume: () => void) {
    this.head = head;
    this.route = route;
    this.resume = resume;
  }

  get headers(): HeaderBag {
    this.#bag ??= headerBag(this.head.headers);
    return this.#bag;
  }

  /** False: it is too long to be understood. */
  add(chunk: Buffer): boolean {
    this.body.push(chunk);
    this.#bytes += chunk.length;
    return this.#bytes <= mostBytes;
  }

  understand(at: number, model: string | undefined): Refusal | undefined {
    const { head, route, headers } = this;
    const { origin, path, billedTo } = route;
    const refusal = classifyRefusal({
      status: head.status,
      headers,
      bodyText: withoutCredential(refusalText(Buffer.concat(this.body), head.contentEncoding), route),
      url: origin + path,
      at,
      source: 'gateway',
      answeredBy: shortened(head.provider ?? route.provider ?? 'huggingface'),
      billedTo,
      ...(model !== undefined && { model }),
    });
    // a limit of an organization is Hugging Face's, also where the request names a provider that it never reached
    const ofHuggingFace =
      refusal?.cause === 'spending-limit' && head.provider === undefined && !billedTo.startsWith('key:');
    this.refusal = ofHuggingFace ? { ...refusal, by: 'huggingface' } : refusal;
    return this.refusal;
  }

  /** What the caller is told beside the upstream's own headers. @param billed somebody would have paid for it */
  added(tooLong: boolean, billed: boolean, now: number): string[] {
    const { refusal, route, headers } = this;
    const { status } = this.head;
    if (status === 503 || (refusal === undefined && status !== 429 && status !== 402)) {
      return billed ? ['x-headroom-billed-to', route.billedTo] : [];
    }
    return refusalHeaders(refusal, route.billedTo, headers, tooLong, now);
  }
}

/** Servers repeat the key that they refuse, and not all keys look like one: what is written down must not hold it. */
function withoutCredential(text: string, { headers }: Route): string {
  const credential = headers.authorization?.replace(/^\S+ /, '');
  return credential ? text.replaceAll(credential, '[redacted]') : text;
}

/**
 * Whether a payer's own money is at its end, so that another one's would help: what Hugging Face says of an account
 * there, and what a provider says of the owner of a key. Not that Hugging Face has no money at a provider.
 * @param waited the caller waited for an `unsettled` hold to pass, in vain
 */
export function moneyReason(
  { cause, by, scope }: Refusal,
  profile: BillingProfile,
  waited: boolean,
): MoneyReason | undefined {
  if (cause !== 'credits' && cause !== 'spending-limit' && !(cause === 'unsettled' && waited))
    return undefined;
  const own =
    profile.kind === 'provider-key'
      ? by === profile.provider
      : by === 'huggingface' && scope !== 'provider balance';
  if (!own) return undefined;
  return cause === 'spending-limit' ? cause : 'credits';
}
