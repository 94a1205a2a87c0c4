import assert from 'node:assert/strict';
import OpenAI from 'openai';
import type { GatewayTestSetup } from './gatewaySetup.ts';

export const messages = [{ role: 'user' as const, content: 'Say hello' }];

/** As with OPENAI_BASE_URL and OPENAI_API_KEY. */
export function clientOf({ url, key }: GatewayTestSetup): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
}

export const errorOf = (error: unknown) => {
  assert.ok(error instanceof OpenAI.APIError, String(error));
  return { status: error.status, message: error.message };
};

/** Status and message of the error of a failing call. */
export function failureOf(call: Promise<unknown>): Promise<ReturnType<typeof errorOf>> {
  return call.then(() => assert.fail('no error'), errorOf);
}
