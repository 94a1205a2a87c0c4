import assert from 'node:assert/strict';
import OpenAI from 'openai';
import type { GatewayWorld } from './gatewayWorld.ts';

export const messages = [{ role: 'user' as const, content: 'Say hello' }];

/** As a program gets it: two variables of the environment, and nothing else. */
export function clientOf({ url, key }: GatewayWorld): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
}

export const told = (error: unknown) => {
  assert.ok(error instanceof OpenAI.APIError, String(error));
  return { status: error.status, words: error.message };
};
