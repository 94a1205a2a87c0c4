import path from 'node:path';
import { installPeers, startPortkey } from '../gateway/peers.ts';
import type { Emulator } from './emulator.ts';
import { startGateway } from './headroom.ts';
import type { ClientName } from './plan.ts';
import { type Run, run } from './run.ts';
import { planOf, type Work } from './work.ts';

/** A client, or a gateway with a client, that does the whole work in one process. */
export interface Contender {
  readonly name: string;
  run(work: Work): Promise<Run>;
}

const direct: Readonly<Record<string, ClientName>> = {
  'openai, 2 retries': 'openai-2',
  'openai, 10 retries': 'openai-10',
  '@huggingface/inference': '@huggingface/inference',
  'undici RetryAgent': 'RetryAgent',
  'fetch with p-retry': 'p-retry',
};

/** @param folder parent of the state folders: each work has a new one. */
export function headroomAlone(emulator: Emulator, folder: string): Contender {
  return {
    name: 'headroom',
    async run(work) {
      const gateway = await startGateway(emulator, work, path.join(folder, `alone-${Date.now()}`));
      try {
        return await run(emulator, work, [planOf(work, 'openai-0', gateway.target)]);
      } finally {
        await gateway.end();
      }
    },
  };
}

export async function startPeers(emulator: Emulator): Promise<readonly Contender[]> {
  installPeers();
  const portkey = await startPortkey(emulator.routerUrl);
  return [
    ...Object.entries(direct).map(([name, client]) => ({
      name,
      run: (work: Work) => run(emulator, work, [planOf(work, client, work.direct(emulator))]),
    })),
    {
      name: 'portkey, 5 retries',
      run: work => {
        const { baseUrl, ...target } = work.direct(emulator);
        const headers = {
          'x-portkey-provider': 'openai',
          'x-portkey-custom-host': baseUrl,
          'x-portkey-config': JSON.stringify({ retry: { attempts: 5, use_retry_after_headers: true } }),
        };
        const url = `http://127.0.0.1:${portkey.port}/v1`;
        return run(emulator, work, [planOf(work, 'openai-0', { ...target, baseUrl: url }, { headers })]);
      },
    },
  ];
}
