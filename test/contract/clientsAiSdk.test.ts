import assert from 'node:assert/strict';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, streamText } from 'ai';
import type { GatewayWorld } from './gatewayWorld.ts';
import { describeTextClient } from './textClient.ts';

function modelOf({ url, key }: GatewayWorld, model: string) {
  return createOpenAICompatible({ name: 'headroom', baseURL: `${url}/v1`, apiKey: key })(model);
}

/** The client reads `error.message` of a body; a sentence that Hugging Face puts into `error` itself it keeps in the body. */
const told = (error: unknown) => {
  assert.ok(APICallError.isInstance(error), String(error));
  return { status: error.statusCode, words: `${error.message} ${error.responseBody}` };
};

describeTextClient({
  name: 'ai with @ai-sdk/openai-compatible, generateText',
  direct: true,
  told,
  ask: async (world, model) =>
    (await generateText({ model: modelOf(world, model), prompt: 'Say hello', maxRetries: 0 })).text,
});

describeTextClient({
  name: 'ai with @ai-sdk/openai-compatible, streamText',
  direct: true,
  told,
  async ask(world, model) {
    let failure: unknown;
    const { textStream } = streamText({
      model: modelOf(world, model),
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
