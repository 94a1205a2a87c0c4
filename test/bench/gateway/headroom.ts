import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openLedger } from '../../../src/ledger/openLedger.ts';
import { lineOf, type Server, start } from './server.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** The gateway as it is shipped, with everything on: `headroom gateway`, billing an organization. */
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

/** The gateway from source, and how to switch off and on what it records. */
export async function startFromSource(
  upstream: string,
  folder: string,
): Promise<{ server: Server; record: (what: 'recording' | 'silent') => Promise<void> }> {
  const program = path.join(import.meta.dirname, 'process.ts');
  const child = start(process.execPath, ['--expose-gc', program, upstream, folder]);
  const server = await listening('from source', child);
  const record = async (what: string) => {
    child.stdin?.write(`${what}\n`);
    // it has no way to say that it heard
    await pause(50);
  };
  return { server, record };
}

async function listening(name: string, child: ReturnType<typeof start>): Promise<Server> {
  const { url, key } = JSON.parse(await lineOf(child)) as { url: string; key: string };
  const headers = { authorization: `Bearer ${key}` };
  return { name, port: Number(new URL(url).port), pid: child.pid, headers };
}
