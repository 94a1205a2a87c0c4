export const hubErrorKinds = [
  'invalid-token',
  'missing-permission',
  'payment-required',
  'rate-limited',
  'not-found',
  'rejected',
  'server-error',
  'redirected',
  'not-json',
  'format-changed',
  'too-large',
  'truncated',
  'timeout',
  'dns',
  'tls',
  'unreachable',
  'aborted',
] as const;

/** How a call to Hugging Face failed, by what a person can do about it. */
export type HubErrorKind = (typeof hubErrorKinds)[number];

export interface HubErrorDetails {
  readonly status?: number;
  /** HF's own words, redacted, at most 500 characters. */
  readonly words?: string;
  /** `format-changed`: the path of the field, such as `usage.inferenceProviders.usedNanoUsd`. */
  readonly field?: string;
  /** `rate-limited`: epoch ms of HF's Retry-After or window reset, if it sent one. */
  readonly retryAt?: number;
  /** Node's or undici's code of a network error, such as `ENOTFOUND`. */
  readonly code?: string;
}

/** A failed call to Hugging Face. `message` is English, for logs; the views word it from `kind`. */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly kind: HubErrorKind;
  readonly details: HubErrorDetails;
  constructor(kind: HubErrorKind, message: string, details: HubErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.details = details;
  }
}
