import type { Refusal } from './refusal.ts';

const kinds = [
  /** `of`: the namespace, `id`: HF's id of the hardware. */
  'endpoint-hardware',
  /** Of a refusal that does not say which hardware. */
  'endpoints',
  'zero-gpu',
  /** `of`: `storage`, `private storage` or `public storage`. */
  'storage',
  'space-hardware',
  /** `of`: the bucket. */
  'hub-window',
] as const;

export type QuotaKind = (typeof kinds)[number];

/** A limit of which a person can ask Hugging Face for more. */
export interface QuotaSubject {
  readonly kind: QuotaKind;
  readonly of?: string;
  readonly id?: string;
}

/** The limit that refused; undefined: Hugging Face does not raise it. */
export function quotaOf({ cause, by, scope = '', limit, model }: Refusal): QuotaSubject | undefined {
  if (by !== 'huggingface') return undefined;
  if (cause === 'rate') {
    const isOfHub = model === undefined && limit !== undefined && scope !== '' && !unasked.has(scope);
    return isOfHub ? { kind: 'hub-window', of: scope } : undefined;
  }
  if (cause !== 'quota') return undefined;
  if (scope.endsWith('storage')) return { kind: 'storage', of: scope };
  const kind = quotaScopes.get(scope);
  return kind && { kind };
}

/** Limits by IP address, not by account. */
const unasked = new Set(['anonymous', 'whoami-v2']);

const quotaScopes: ReadonlyMap<string, QuotaKind> = new Map<string, QuotaKind>([
  ['ZeroGPU', 'zero-gpu'],
  ['Space hardware', 'space-hardware'],
  ['Inference Endpoints', 'endpoints'],
]);

export function formatQuota({ kind, of = '', id = '' }: QuotaSubject): string {
  return [kind, of, id].map(part => encodeURIComponent(part.toWellFormed())).join('/');
}

/** Undefined: not such a text, which may come from any extension. */
export function parseQuota(text: string): QuotaSubject | undefined {
  try {
    const [name, of, id, ...rest] = text.split('/').map(decodeURIComponent);
    const kind = kinds.find(each => each === name);
    if (kind === undefined || rest.length > 0) return undefined;
    return { kind, ...(of && { of }), ...(id && { id }) };
  } catch {
    return undefined;
  }
}
