import path from 'node:path';
import type { StatePatch } from '../../emulator/state.ts';
import type { ReceivedRequest } from '../../emulator/world.ts';
import { lineOf, start } from '../gateway/server.ts';

/** The emulator in a process of its own. */
export interface Emulator {
  readonly hubUrl: string;
  readonly routerUrl: string;
  readonly endpointsUrl: string;
  readonly providerUrls: Readonly<Record<string, string>>;
  readonly adminUrl: string;
  readonly token: string;
}

const program = path.resolve(import.meta.dirname, '../../emulator/main.ts');
/** The emulator remembers no more requests. */
const mostRemembered = 10_000;

export async function startEmulator(): Promise<Emulator> {
  const child = start(process.execPath, [program, '--json']);
  return JSON.parse(await lineOf(child)) as Emulator;
}

/** Restarts the scenario: new rate windows start now, and the received requests are cleared. */
export async function restart(emulator: Emulator, patch: StatePatch): Promise<void> {
  await admin(emulator, 'POST', '/scenario', { name: 'pro', ...patch });
  await admin(emulator, 'DELETE', '/requests');
}

/** Number of chat requests refused with a 429 since the restart. */
export async function refusedChats(emulator: Emulator): Promise<number> {
  const requests = (await admin(emulator, 'GET', '/requests')) as ReceivedRequest[];
  if (requests.length >= mostRemembered) throw new Error('more requests than the emulator remembers');
  return requests.filter(({ path, status }) => status === 429 && path.endsWith('/chat/completions')).length;
}

async function admin(
  { adminUrl }: Emulator,
  method: string,
  route: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(adminUrl + route, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${route}: ${await response.text()}`);
  return response.json();
}
