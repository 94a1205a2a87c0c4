import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openLedger } from '../../../src/ledger/openLedger.ts';
import { adaKey } from '../../emulator/providers.ts';
import { lineOf, start } from '../gateway/server.ts';
import type { Emulator } from './emulator.ts';
import type { Target, Work } from './work.ts';

/** The built `headroom gateway`. */
export interface Gateway {
  readonly target: Target;
  end(): Promise<void>;
}

const program = path.resolve(import.meta.dirname, '../../../dist/cli.cjs');

/** @param state folder whose gateways share what they learn about limits */
export async function startGateway(emulator: Emulator, work: Work, state: string): Promise<Gateway> {
  const { profile, model } = work.headroom;
  mkdirSync(state, { recursive: true });
  const ledger = openLedger({ directory: state, now: Date.now });
  ledger.setPreference('billing.profile', profile);
  ledger.close();
  const child = start(process.execPath, [program, 'gateway', '--port', '0', '--json'], {
    HF_TOKEN: emulator.token,
    GROQ_API_KEY: adaKey('groq'),
    HEADROOM_STATE: state,
    HEADROOM_HUB_URL: emulator.hubUrl,
    HEADROOM_ROUTER_URL: emulator.routerUrl,
    HEADROOM_ENDPOINTS_URL: emulator.endpointsUrl,
    HEADROOM_PROVIDER_URLS: JSON.stringify(emulator.providerUrls),
  });
  const { url, key } = JSON.parse(await lineOf(child)) as { url: string; key: string };
  return {
    target: { baseUrl: `${url}/v1`, key, model },
    end: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
