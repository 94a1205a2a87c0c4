import * as l10n from '@vscode/l10n';
import { lastOf, type Refusal } from '../../limits/refusals/refusal.ts';
import { oneLine } from '../text/plainText.ts';
import { shortProgram } from '../text/programName.ts';
import type { ViewInput } from '../viewInput.ts';
import { hubBucketName, hubWindows } from './windows.ts';

/** Longer waits are for single actions such as commits, and block nothing else. */
const longestBlockMs = 10 * 60_000;
/** A closed model blocks all of its requests. */
const longestModelBlockMs = 3_600_000;
/** How long a refusal without a reset blocks. */
const undatedBlockMs = 60_000;

/** A limit that blocks requests at present. */
export interface BlockingLimit {
  /** `Hub API`, `Llama-3.1-8B`, `train.py`, `groq`: plain text, not escaped. */
  readonly name: string;
  /** A window of the Hub, which is full. Other limits block a model or a program. */
  readonly isWindow: boolean;
  /** Epoch ms; undefined: the server did not say. */
  readonly until?: number;
}

/** The limit that blocks longest: a full window, or a refusal whose wait is not over. */
export function blockingLimit(input: ViewInput): BlockingLimit | undefined {
  const { snapshot, now } = input;
  const full = hubWindows(input).flatMap(({ state, resetsAt: until = now, bucket, asOf }) =>
    state === 'full' && until > now && until - asOf <= longestBlockMs
      ? [{ name: hubBucketName(bucket), isWindow: true, until }]
      : [],
  );
  const refused = snapshot.refusals.filter(refusal => blocks(refusal, now)).map(limitOf);
  return [...full, ...refused].toSorted((a, b) => (b.until ?? 0) - (a.until ?? 0))[0];
}

function blocks(refusal: Refusal, now: number): boolean {
  const at = lastOf(refusal);
  const { cause, model, status, resetsAt } = refusal;
  if (at > now || status === 413 || ofMoney.has(cause)) return false;
  // of one action, such as commits
  if (cause === 'quota' && model === undefined) return false;
  // without a time only the causes that pass by themselves within a minute
  if (resetsAt === undefined) return ofPace.has(cause) && at + undatedBlockMs > now;
  const longestMs = model === undefined ? longestBlockMs : longestModelBlockMs;
  return resetsAt > now && resetsAt - at <= longestMs;
}

/** They have states of their own. */
const ofMoney: ReadonlySet<Refusal['cause']> = new Set(['credits', 'unsettled', 'spending-limit']);
const ofPace: ReadonlySet<Refusal['cause']> = new Set(['rate', 'tokens', 'concurrency']);

function limitOf(refusal: Refusal): BlockingLimit {
  const { by, scope = '', model, program, resetsAt: until } = refusal;
  if (refusal.cause === 'rate' && isOfHubWindow(refusal)) {
    return { name: hubBucketName(scope), isWindow: true, until };
  }
  const owner =
    by === 'huggingface' ? l10n.t('Inference Providers') : by === 'unknown' ? '' : oneLine(by, 24);
  const name = model ? shortModel(model) : program ? shortProgram(program) : owner;
  return { name: name || l10n.t('Requests'), isWindow: false, until };
}

/** `Llama-3.1-8B` of `meta-llama/Llama-3.1-8B-Instruct:novita`. */
export function shortModel(model: string): string {
  const name = model.replace(/^.*\//, '').replace(/:[\w.-]*$/, '');
  return oneLine(name.replace(/-(?:instruct|chat|it)$/i, '') || model, 32);
}

/** Whether Hugging Face's rate refusal is of a Hub window. A refusal of a model is the router's, which has none. */
export function isOfHubWindow({ by, model, limit }: Refusal): boolean {
  return by === 'huggingface' && (model === undefined || limit !== undefined);
}
