import * as l10n from '@vscode/l10n';
import { lastOf, type Refusal } from '../../limits/refusals/refusal.ts';
import { oneLine } from '../text/plainText.ts';
import type { ViewInput } from '../viewInput.ts';
import { hubBucketName, hubWindows } from './windows.ts';

/** Longer waits are for single actions such as commits, and block nothing else. */
const longestBlockMs = 10 * 60_000;
/** How long a refusal without a reset blocks. */
const undatedBlockMs = 60_000;

/** A limit that blocks requests at present. */
export interface BlockingLimit {
  /** `Hub API`, `groq`: plain text, not escaped. */
  readonly name: string;
  /** Epoch ms; undefined: the server did not say. */
  readonly until?: number;
}

/** The limit that blocks longest: a full window, or a 429 whose wait is not over. */
export function blockingLimit(input: ViewInput): BlockingLimit | undefined {
  const { snapshot, now } = input;
  const full = hubWindows(input).flatMap(({ state, resetsAt: until = now, bucket, asOf }) =>
    state === 'full' && until > now && until - asOf <= longestBlockMs
      ? [{ name: hubBucketName(bucket), until }]
      : [],
  );
  const refused = snapshot.refusals.filter(refusal => blocks(refusal, now)).map(limitOf);
  return [...full, ...refused].toSorted((a, b) => (b.until ?? 0) - (a.until ?? 0))[0];
}

function blocks(refusal: Refusal, now: number): boolean {
  const at = lastOf(refusal);
  const { cause, resetsAt = at + undatedBlockMs } = refusal;
  if (cause !== 'rate' && cause !== 'tokens' && cause !== 'concurrency') return false;
  return at <= now && resetsAt > now && resetsAt - at <= longestBlockMs;
}

function limitOf(refusal: Refusal): BlockingLimit {
  const { by, scope = '', resetsAt: until } = refusal;
  const ofHub = isOfHubWindow(refusal) ? hubBucketName(scope) : l10n.t('Inference Providers');
  return { name: by === 'huggingface' ? ofHub : oneLine(by, 24), until };
}

/** Whether Hugging Face's rate refusal is of a Hub window. A refusal of a model is the router's, which has none. */
export function isOfHubWindow({ by, model, limit }: Refusal): boolean {
  return by === 'huggingface' && (model === undefined || limit !== undefined);
}
