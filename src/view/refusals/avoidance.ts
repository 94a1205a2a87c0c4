import * as l10n from '@vscode/l10n';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { isOfHubWindow } from '../account/buckets.ts';
import { type Habit, type Library, sampleFor } from './avoidanceSamples.ts';

/** What would have avoided a refusal: in words, and in code of the library that met it. */
export interface Avoidance {
  readonly text: string;
  readonly code?: string;
  /** A language id of Markdown's fences. */
  readonly language?: string;
}

/** Undefined where nothing is known to. */
export function avoidanceOf(refusal: Refusal): Avoidance | undefined {
  const habit = habitOf(refusal);
  if (habit === undefined) return undefined;
  const sample = sampleFor(habit, libraryOf(refusal), refusal);
  return { text: habitText(habit), ...sample };
}

function habitOf(refusal: Refusal): Habit | undefined {
  const { cause, by, scope, status } = refusal;
  switch (cause) {
    case 'rate':
      if (!isOfHubWindow(refusal)) return 'fewer-at-once';
      if (scope === 'anonymous') return 'pass-token';
      if (scope === 'whoami-v2') return 'ask-once';
      return scope === 'resolvers' ? 'load-once' : 'ask-for-many';
    case 'tokens':
      return status === 413 ? 'send-less' : 'fewer-tokens';
    case 'concurrency':
    case 'unsettled':
      return 'fewer-at-once';
    case 'credits':
    case 'spending-limit':
      return by === 'huggingface' ? 'bill-to' : 'any-provider';
    case 'capacity':
      return 'any-provider';
    case 'quota':
      return quotaHabit(scope);
    case 'unknown':
      return undefined;
  }
}

function quotaHabit(scope: string | undefined): Habit | undefined {
  switch (scope) {
    case 'pay-as-you-go':
    case 'disabled provider':
      return 'any-provider';
    case 'ZeroGPU':
    case 'ZeroGPU duration':
      return 'shorter-gpu';
    case 'Inference Endpoints':
      return 'pause-endpoints';
    case 'private storage':
    case 'storage':
      return undefined;
    default:
      return scope !== undefined && /commit|upload/.test(scope) ? 'one-commit' : undefined;
  }
}

const ofHub: readonly Habit[] = ['pass-token', 'ask-once', 'load-once', 'ask-for-many', 'one-commit'];

/** By the program and the words that are known; else what people use most for such calls. */
export function libraryOf(refusal: Refusal): Library {
  const { program = '', message, source } = refusal;
  const text = `${program} ${message}`;
  if (/(?:^|[\s;|&(])curl\s/.test(program)) return 'curl';
  const hub = ofHub.some(habit => habit === habitOf(refusal));
  const javaScript =
    /\b(?:node|npm|npx|pnpm|yarn|bun|deno|tsx)\b|\.[cm]?[jt]sx?\b|@huggingface\//i.test(program) ||
    (program === '' && source === 'host');
  if (javaScript) return hub || /huggingface/i.test(text) ? 'huggingface-js' : 'openai-node';
  return hub ||
    (/hugging_?face|transformers|datasets|\bhf\b|InferenceClient/i.test(text) && !/openai/i.test(text))
    ? 'huggingface-hub'
    : 'openai-python';
}

function habitText(habit: Habit): string {
  switch (habit) {
    case 'pass-token':
      return l10n.t('A token with each request: then only your own requests count.');
    case 'ask-once':
      return l10n.t('Asking whose token it is once, and keeping the answer.');
    case 'load-once':
      return l10n.t(
        'Loading the files once before the workers start, and letting these read them from the cache: each worker that starts asks the Hub for every file otherwise.',
      );
    case 'ask-for-many':
      return l10n.t('One request that lists many, in place of one request for each.');
    case 'one-commit':
      return l10n.t('Fewer commits: one with many files, in place of one for each file.');
    case 'fewer-at-once':
      return l10n.t(
        'Fewer requests at once, with retries that wait as long as the server says. Headroom’s gateway holds requests back in that way for every program that goes through it.',
      );
    case 'fewer-tokens':
      return l10n.t(
        'Fewer tokens a minute: a limit on the answer’s length, which counts from the start, and fewer requests at once.',
      );
    case 'send-less':
      return l10n.t('A shorter prompt: only the last messages of a long conversation.');
    case 'bill-to':
      return l10n.t(
        'Billing an organization that has credits, or a budget that warns before they are gone. “Switch Billing…” does it for all programs that go through Headroom.',
      );
    case 'any-provider':
      return l10n.t('Leaving the choice of the provider to the router, which takes one that is available.');
    case 'shorter-gpu':
      return l10n.t(
        'A Space that asks for no more GPU time than it needs, and a caller that passes its token, so that its own quota counts.',
      );
    case 'pause-endpoints':
      return l10n.t('Pausing endpoints that nobody uses: scaled to zero they still count.');
  }
}
