import type { Completion } from './completion.ts';
import type { InferenceApi } from './inferenceApi.ts';

/** OpenAI's Responses API, with the fields that its clients need. */
export const responses: InferenceApi = {
  promptField: 'input',
  fields: {
    input: 'a string or an array',
    instructions: 'a string',
    max_output_tokens: 'a positive integer',
    stream: 'a boolean',
    temperature: 'a number',
    tools: 'an array',
  },
  required: ['input'],
  maxTokensFields: ['max_output_tokens'],
  whole: responseObject,
  events: responseEvents,
};

/** Anthropic's Messages API. */
export const messages: InferenceApi = {
  promptField: 'messages',
  fields: {
    messages: 'an array of messages',
    max_tokens: 'a positive integer',
    stream: 'a boolean',
    system: 'a string or an array',
    temperature: 'a number',
    tools: 'an array',
  },
  required: ['messages', 'max_tokens'],
  maxTokensFields: ['max_tokens'],
  whole: anthropicMessage,
  events: anthropicEvents,
};

function responseObject({ id, created, model, words, promptTokens, completionTokens }: Completion) {
  const content = [{ type: 'output_text', text: words.join(''), annotations: [] }];
  return {
    id: id.replace('chatcmpl', 'resp'),
    object: 'response',
    created_at: created,
    status: 'completed',
    model,
    output: [{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content }],
    usage: {
      input_tokens: promptTokens,
      output_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}

function* responseEvents(completion: Completion): Generator<unknown> {
  const response = responseObject(completion);
  yield {
    type: 'response.created',
    response: { ...response, status: 'in_progress', output: [], usage: null },
  };
  for (const delta of completion.words) {
    yield { type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta };
  }
  yield { type: 'response.completed', response };
}

function anthropicMessage({ id, model, words, finish, promptTokens, completionTokens }: Completion) {
  return {
    id: id.replace('chatcmpl-', 'msg_'),
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text: words.join('') }],
    stop_reason: finish === 'stop' ? 'end_turn' : 'max_tokens',
    stop_sequence: null,
    usage: { input_tokens: promptTokens, output_tokens: completionTokens },
  };
}

function* anthropicEvents(completion: Completion): Generator<unknown> {
  const message = anthropicMessage(completion);
  const { stop_reason, stop_sequence, usage } = message;
  yield {
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
  };
  yield { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
  for (const text of completion.words)
    yield { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } };
  yield { type: 'content_block_stop', index: 0 };
  yield {
    type: 'message_delta',
    delta: { stop_reason, stop_sequence },
    usage: { output_tokens: usage.output_tokens },
  };
  yield { type: 'message_stop' };
}
