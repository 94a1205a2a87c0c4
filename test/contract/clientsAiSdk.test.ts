import assert from 'node:assert/strict';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, streamText } from 'ai';
import type { GatewayTestSetup } from './gatewaySetup.ts';
import { describeTextClient } from './textClient.ts';

function modelOf({ url, key }: GatewayTestSetup, model: string) {
  return createOpenAICompatible({ name: 'headroom', baseURL: `${url}/v1`, apiKey: key })(model);
}

/** The client's message is `error.message` of the body. HF's `error` is a string: it is only in the body. */
const errorOf = (error: unknown) => {
  assert.ok(APICallError.isInstance(error), String(error));
  return { status: error.statusCode, message: `${error.message} ${error.responseBody}` };
};

describeTextClient({
  name: 'ai with @ai-sdk/openai-compatible, generateText',
  direct: true,
  errorOf,
  ask: async (setup, model) =>
    (await generateText({ model: modelOf(setup, model), prompt: 'Say hello', maxRetries: 0 })).text,
});

describeTextClient({
  name: 'ai with @ai-sdk/openai-compatible, streamText',
  direct: true,
  errorOf,
  async ask(setup, model) {
    let failure: unknown;
    const { textStream } = streamText({
      model: modelOf(setup, model),
      prompt: 'Say hello',
      maxRetries: 0,
      onError: ({ error }) => {
        failure = error;
      },
    });
    let text = '';
    for await (const part of textStream) text += part;
    if (failure !== undefined) throw failure;
    return text;
  },
});
