import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { InferenceClient, InferenceClientProviderApiError } from '@huggingface/inference';
import OpenAI from 'openai';
import { Agent, errors, RetryAgent, request } from 'undici';
import type { ChatBody, ClientName, Plan } from './plan.ts';

/** Sends one request, with the client's own retries. Rejects for any failure but a 429. */
export type Send = (body: ChatBody) => Promise<'answered' | 'refused'>;

type Target = Pick<Plan, 'baseUrl' | 'key' | 'headers'>;

export const clients: Readonly<Record<ClientName, (target: Target) => Send | Promise<Send>>> = {
  'openai-0': openai(0),
  /** openai's default. */
  'openai-2': openai(2),
  'openai-10': openai(10),
  '@huggingface/inference': inference,
  RetryAgent: retryAgent,
  'p-retry': pRetry,
};

function openai(maxRetries: number) {
  return ({ baseUrl, key, headers }: Target): Send => {
    const client = new OpenAI({ baseURL: baseUrl, apiKey: key, maxRetries, defaultHeaders: headers });
    return async body => {
      try {
        await client.chat.completions.create(body);
        return 'answered';
      } catch (error) {
        if (error instanceof OpenAI.APIError && error.status === 429) return 'refused';
        throw error;
      }
    };
  };
}

function inference({ baseUrl, key }: Target): Send {
  const client = new InferenceClient(key, { endpointUrl: baseUrl });
  return async body => {
    try {
      await client.chatCompletion({ ...body });
      return 'answered';
    } catch (error) {
      if (error instanceof InferenceClientProviderApiError && error.httpResponse.status === 429) {
        return 'refused';
      }
      throw error;
    }
  };
}

/** Its defaults, except that it also retries a POST. */
function retryAgent(target: Target): Send {
  const dispatcher = new RetryAgent(new Agent(), { methods: ['POST'] });
  const { url, headers } = plain(target);
  return async body => {
    try {
      const response = await request(url, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        dispatcher,
      });
      await response.body.text();
      return outcomeOf(response.statusCode);
    } catch (error) {
      if (error instanceof errors.RequestRetryError && error.statusCode === 429) return 'refused';
      throw error;
    }
  };
}

type PRetry = <T>(attempt: () => Promise<T>) => Promise<T>;

class Refused extends Error {}

/** As in its README, with its default of 10 retries. */
async function pRetry(target: Target): Promise<Send> {
  const { default: retry } = (await import(peerFile('p-retry/index.js'))) as { default: PRetry };
  const { url, headers } = plain(target);
  return async body => {
    const attempt = async () => {
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      await response.text();
      if (outcomeOf(response.status) === 'refused') throw new Refused();
    };
    try {
      await retry(attempt);
      return 'answered';
    } catch (error) {
      if (error instanceof Refused) return 'refused';
      throw error;
    }
  };
}

function plain({ baseUrl, key, headers }: Target) {
  const own = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return { url: `${baseUrl}/chat/completions`, headers: { ...own, ...headers } };
}

function outcomeOf(status: number): 'answered' | 'refused' {
  if (status === 200) return 'answered';
  if (status === 429) return 'refused';
  throw new Error(`status ${status}`);
}

/** URL of a package file that `installPeers` installed from `test/bench/peers`. */
function peerFile(file: string): string {
  const installed = path.resolve(import.meta.dirname, '../../../.vscode-test/bench-peers/node_modules', file);
  if (!existsSync(installed)) throw new Error(`${installed} is missing`);
  return pathToFileURL(installed).href;
}
