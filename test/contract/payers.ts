import assert from 'node:assert/strict';
import { adaKey } from '../emulator/providers.ts';
import { tokens } from '../emulator/scenarios.ts';
import type { GatewayTestSetup } from './gatewaySetup.ts';

export const llama = 'meta-llama/Llama-3.1-8B-Instruct';
/** acme's resource groups: ada is a member of research only. */
const research = '66c0000000000000000000a1';
export const production = '66c0000000000000000000a2';

/** X-HF-Bill-To at the router, by billing profile. */
export const routedPayers: Readonly<Record<string, string | undefined>> = {
  personal: undefined,
  'org:acme': 'acme',
  [`group:acme/${research}`]: research,
};

/** Exactly one request was received: by the router, with ada's token and this X-HF-Bill-To. */
export function assertRouted(setup: GatewayTestSetup, billTo: string | undefined): void {
  const { server, headers } = setup.only();
  assert.deepEqual(
    [server, headers.authorization, headers['x-hf-bill-to'], headers['x-hf-session-id']],
    ['router', `Bearer ${tokens.ada}`, billTo, 'session-of-the-tests'],
  );
  assert.equal(headers['x-api-key'], undefined);
}

/** Exactly one request was received: by Groq itself, with ada's key and Groq's own model id. */
export function assertAtGroq(setup: GatewayTestSetup): void {
  const { server, path, headers, body } = setup.only();
  assert.deepEqual(
    [server, path, headers.authorization, (body as { model?: string } | undefined)?.model],
    ['partners', '/groq/openai/v1/chat/completions', `Bearer ${adaKey('groq')}`, 'llama-3.1-8b-instant'],
  );
  for (const name of ['x-hf-bill-to', 'x-hf-session-id', 'x-api-key']) assert.equal(headers[name], undefined);
}
