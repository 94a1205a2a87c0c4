import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openLedger } from '../../../src/ledger/openLedger.ts';
import { lineOf, type Server, start } from './server.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** The shipped `headroom gateway` with all features on; an organization pays. */
export async function startHeadroom(upstream: string, folder: string): Promise<Server> {
  const state = path.join(folder, 'state');
  mkdirSync(state);
  const ledger = openLedger({ directory: state, now: Date.now });
  ledger.setPreference('billing.profile', 'org:acme');
  ledger.close();
  const child = start(
    process.execPath,
    ['--expose-gc', path.join(root, 'dist/cli.cjs'), 'gateway', '--port', '0', '--json'],
    {
      HF_TOKEN: 'hf_bench',
      HEADROOM_STATE: state,
      HEADROOM_HUB_URL: upstream,
      HEADROOM_ROUTER_URL: upstream,
      HEADROOM_ENDPOINTS_URL: upstream,
    },
  );
  return listening('headroom', child);
}

/** The gateway from source; `record` switches its recording on or off. */
export async function startFromSource(
  upstream: string,
  folder: string,
): Promise<{ server: Server; record: (mode: 'recording' | 'silent') => Promise<void> }> {
  const program = path.join(import.meta.dirname, 'process.ts');
  const child = start(process.execPath, ['--expose-gc', program, upstream, folder]);
  const server = await listening('from source', child);
  const record = async (mode: string) => {
    child.stdin?.write(`${mode}\n`);
    // process.ts sends no acknowledgement
    await pause(50);
  };
  return { server, record };
}

async function listening(name: string, child: ReturnType<typeof start>): Promise<Server> {
  const { url, key } = JSON.parse(await lineOf(child)) as { url: string; key: string };
  const headers = { authorization: `Bearer ${key}` };
  return { name, port: Number(new URL(url).port), pid: child.pid, headers };
}
