import assert from 'node:assert/strict';
import { adaKey } from '../emulator/providers.ts';
import { tokens } from '../emulator/scenarios.ts';
import type { GatewayWorld } from './gatewayWorld.ts';

export const llama = 'meta-llama/Llama-3.1-8B-Instruct';
/** Of acme: ada is a member of the one, and not of the other. */
export const research = '66c0000000000000000000a1';
export const production = '66c0000000000000000000a2';

/** Who may pay at Hugging Face, and what the router is told then. */
export const routedPayers: Readonly<Record<string, string | undefined>> = {
  personal: undefined,
  'org:acme': 'acme',
  [`group:acme/${research}`]: research,
};

/** One request arrived at the router, with ada's token and this payer. */
export function assertRouted(world: GatewayWorld, billTo: string | undefined): void {
  const { server, headers } = world.only();
  assert.deepEqual(
    [server, headers.authorization, headers['x-hf-bill-to'], headers['x-hf-session-id']],
    ['router', `Bearer ${tokens.ada}`, billTo, 'session-of-the-tests'],
  );
  assert.equal(headers['x-api-key'], undefined);
}

/** One request arrived at Groq itself, with ada's key there and Groq's own name of Llama. */
export function assertAtGroq(world: GatewayWorld): void {
  const { server, path, headers, body } = world.only();
  assert.deepEqual(
    [server, path, headers.authorization, (body as { model?: string } | undefined)?.model],
    ['partners', '/groq/openai/v1/chat/completions', `Bearer ${adaKey('groq')}`, 'llama-3.1-8b-instant'],
  );
  for (const name of ['x-hf-bill-to', 'x-hf-session-id', 'x-api-key']) assert.equal(headers[name], undefined);
}
