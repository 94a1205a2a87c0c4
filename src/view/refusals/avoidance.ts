import * as l10n from '@vscode/l10n';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import { isOfHubWindow } from '../account/blockingLimit.ts';
import { type Habit, type Library, type Sample, sampleFor } from './avoidanceSamples.ts';

/** How to avoid a refusal: in words, and in code for the refused program's library. */
export interface Avoidance extends Sample {
  readonly text: string;
}

/** Undefined: no way is known. */
export function avoidanceOf(refusal: Refusal): Avoidance | undefined {
  const habit = habitOf(refusal);
  if (habit === undefined) return undefined;
  return { text: habitTexts[habit](), ...sampleFor(habit, libraryOf(refusal), refusal) };
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
      if (by === 'headroom') return undefined;
      return by === 'huggingface' ? 'bill-to' : 'any-provider';
    case 'capacity':
      return 'any-provider';
    case 'quota':
      return quotaHabit(scope);
    case 'plan':
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

const ofHub: readonly (Habit | undefined)[] = [
  'pass-token',
  'ask-once',
  'load-once',
  'ask-for-many',
  'one-commit',
];

/** From the program and the server's words; else the usual library for such calls. */
export function libraryOf(refusal: Refusal): Library {
  const { program = '', message, source } = refusal;
  const text = `${program} ${message}`;
  if (/(?:^|[\s;|&(])curl\s/.test(program)) return 'curl';
  const hub = ofHub.includes(habitOf(refusal));
  const javaScript =
    /\b(?:node|npm|npx|pnpm|yarn|bun|deno|tsx)\b|\.[cm]?[jt]sx?\b|@huggingface\//i.test(program) ||
    (program === '' && source === 'host');
  if (javaScript) return hub || /huggingface/i.test(text) ? 'huggingface-js' : 'openai-node';
  return hub ||
    (/hugging_?face|transformers|datasets|\bhf\b|InferenceClient/i.test(text) && !/openai/i.test(text))
    ? 'huggingface-hub'
    : 'openai-python';
}

const habitTexts: Readonly<Record<Habit, () => string>> = {
  'pass-token': () => l10n.t('Send a token with each request: then only your own requests count.'),
  'ask-once': () => l10n.t('Call whoami once and keep its answer.'),
  'load-once': () =>
    l10n.t(
      'Load the files once before the workers start, and let them read from the cache: otherwise each worker asks the Hub for every file.',
    ),
  'ask-for-many': () => l10n.t('One request that lists many items, in place of one request each.'),
  'one-commit': () => l10n.t('Fewer commits: one with many files, in place of one for each file.'),
  'fewer-at-once': () =>
    l10n.t(
      'Fewer requests at once, with retries that wait as long as the server says. Headroom’s gateway does this for every program that uses it.',
    ),
  'fewer-tokens': () =>
    l10n.t(
      'Fewer tokens per minute: limit the answer’s length, which counts from the start, and send fewer requests at once.',
    ),
  'send-less': () => l10n.t('A shorter prompt: only the last messages of a long conversation.'),
  'bill-to': () =>
    l10n.t(
      'Bill an organization that has credits, or set a budget that warns before they are gone. “Switch Billing…” applies to all programs that use Headroom.',
    ),
  'any-provider': () => l10n.t('Let the router choose the provider: it takes one that is available.'),
  'shorter-gpu': () =>
    l10n.t(
      'Ask for no more GPU time than the Space needs, and pass the caller’s token, so that its own quota counts.',
    ),
  'pause-endpoints': () => l10n.t('Pause unused endpoints: scaled to zero, they still count.'),
};
