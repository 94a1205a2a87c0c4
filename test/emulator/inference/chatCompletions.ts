import { isObject } from '../patch.ts';
import type { Completion } from './completion.ts';
import type { InferenceApi } from './inferenceApi.ts';

/** OpenAI's chat completions. */
export const chatCompletions: InferenceApi = {
  promptField: 'messages',
  fields: {
    messages: 'an array of messages',
    max_completion_tokens: 'a positive integer',
    max_tokens: 'a positive integer',
    n: 'a positive integer',
    stop: 'a string or an array',
    stream: 'a boolean',
    stream_options: 'an object',
    temperature: 'a number',
    tools: 'an array',
    top_p: 'a number',
  },
  required: ['messages'],
  maxTokensFields: ['max_completion_tokens', 'max_tokens'],
  whole: chatCompletion,
  events(completion, { stream_options }) {
    return chatChunks(completion, isObject(stream_options) && stream_options.include_usage === true);
  },
};

/** `usage` in the provider's own format. */
function usageOf({
  provider,
  promptTokens,
  completionTokens,
  estimatedUsd,
}: Completion): Record<string, unknown> {
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
  switch (provider) {
    case 'groq':
      return { queue_time: 0.018, prompt_time: 0.001, completion_time: 0.03, total_time: 0.031, ...usage };
    case 'together':
    case 'featherless-ai':
      return { ...usage, cached_tokens: 0 };
    case 'deepinfra':
      return { ...usage, prompt_tokens_details: null, estimated_cost: estimatedUsd };
    default:
      return { ...usage, prompt_tokens_details: { cached_tokens: 0 } };
  }
}

function chatCompletion(completion: Completion): unknown {
  const { id, created, model, words, finish } = completion;
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: words.join('') },
        finish_reason: finish,
        logprobs: null,
      },
    ],
    usage: usageOf(completion),
  };
}

/** Chunks of a chat stream, with `usage` in the chunk where the provider sends it. */
function* chatChunks(completion: Completion, includeUsage: boolean): Generator<unknown> {
  const { id, created, model, words, finish, provider } = completion;
  const chunk = (delta: unknown, finish_reason: string | null = null) => ({
    id,
    object: 'chat.completion.chunk',
    created,
    model,
    choices: [{ index: 0, delta, finish_reason }],
  });
  yield chunk({ role: 'assistant', content: '' });
  for (const content of words) yield chunk({ content });
  const onFinish = provider === 'zai-org' || provider === 'together';
  yield { ...chunk({}, finish), ...(onFinish && { usage: usageOf(completion) }) };
  if (includeUsage && !onFinish)
    yield { id, object: 'chat.completion.chunk', created, model, choices: [], usage: usageOf(completion) };
  // PublicAI stands for providers that end a stream without [DONE].
  if (provider !== 'publicai') yield '[DONE]';
}
