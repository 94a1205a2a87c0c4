import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { InferenceClient, InferenceClientProviderApiError } from '@huggingface/inference';
import OpenAI from 'openai';
import { Agent, errors, RetryAgent, request } from 'undici';
import type { ChatBody, ClientName, Plan } from './plan.ts';

/** One request, with all that the client does about refusals. Rejects with what is no refusal for a limit. */
export type Ask = (body: ChatBody) => Promise<'answered' | 'refused'>;

type Target = Pick<Plan, 'baseUrl' | 'key' | 'headers'>;

export const clients: Readonly<Record<ClientName, (target: Target) => Ask | Promise<Ask>>> = {
  'openai-0': openai(0),
  /** Its default. */
  'openai-2': openai(2),
  'openai-10': openai(10),
  '@huggingface/inference': inference,
  RetryAgent: retryAgent,
  'p-retry': pRetry,
};

function openai(maxRetries: number) {
  return ({ baseUrl, key, headers }: Target): Ask => {
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

function inference({ baseUrl, key }: Target): Ask {
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

/** All its defaults, but that it may repeat a POST. */
function retryAgent(target: Target): Ask {
  const dispatcher = new RetryAgent(new Agent(), { methods: ['POST'] });
  const { url, headers } = plain(target);
  return async body => {
    try {
      const answer = await request(url, { method: 'POST', headers, body: JSON.stringify(body), dispatcher });
      await answer.body.text();
      return verdict(answer.statusCode);
    } catch (error) {
      if (error instanceof errors.RequestRetryError && error.statusCode === 429) return 'refused';
      throw error;
    }
  };
}

type PRetry = <T>(attempt: () => Promise<T>) => Promise<T>;

class Refused extends Error {}

/** As its README shows it, with its defaults: 10 retries. */
async function pRetry(target: Target): Promise<Ask> {
  const { default: retry } = (await import(peer('p-retry/index.js'))) as { default: PRetry };
  const { url, headers } = plain(target);
  return async body => {
    const attempt = async () => {
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      await answer.text();
      if (verdict(answer.status) === 'refused') throw new Refused();
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

function verdict(status: number): 'answered' | 'refused' {
  if (status === 200) return 'answered';
  if (status === 429) return 'refused';
  throw new Error(`status ${status}`);
}

/** The address of a file of `test/bench/peers`, where `installPeers` put it. */
function peer(file: string): string {
  const installed = path.resolve(import.meta.dirname, '../../../.vscode-test/bench-peers/node_modules', file);
  if (!existsSync(installed)) throw new Error(`${installed} is missing`);
  return pathToFileURL(installed).href;
}
