import { fingerprint } from '../../src/account/fingerprint.ts';
import { rememberFolder } from '../../src/ledger/folderNames.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { monthStart } from '../../src/limits/account/credits.ts';
import type { RequestTally } from '../../src/limits/requests/requestTally.ts';
import type { Workbench } from './workbench.ts';
import { extension } from './workbenchWindow.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const uses = [
  { provider: 'groq', model: 'meta-llama/Llama-3.1-8B-Instruct', folder: 'rag-service', nanoUsd: 1_900_000 },
  { provider: 'cerebras', model: 'openai/gpt-oss-120b', folder: 'rag-service', nanoUsd: 1_300_000 },
  { provider: 'novita', model: 'deepseek-ai/DeepSeek-V3.1', folder: 'notebooks', nanoUsd: 900_000 },
  {
    provider: 'together',
    model: 'Qwen/Qwen3-235B-A22B-Instruct-2507',
    folder: 'notebooks',
    nanoUsd: 600_000,
  },
];

/** Writes what 30 days of work leave in the ledger: requests in the hours of a working day, and spend that grows. */
export function writeMonthOfUse({ host, emulator }: Workbench, usedNanoUsd: number): void {
  const now = emulator.world.clock.now();
  const ledger = openLedger({ directory: host.storage(extension), now: () => now });
  const workHours = Array.from({ length: 30 * 24 }, (_, index) => now - (index + 1) * hourMs).filter(isWork);
  for (const hour of workHours) ledger.recordTallies(uses.flatMap((_, use) => requestsOf(use, hour)));
  ledger.recordRefusals(
    workHours
      .filter((_, index) => index % 17 === 0)
      .map((at, index) => ({
        at,
        status: 429,
        cause: index % 3 === 0 ? 'tokens' : 'rate',
        by: index % 2 === 0 ? 'groq' : 'huggingface',
        source: 'gateway',
        message: 'Rate limit reached',
      })),
  );
  const [returnedAt = 0, usedUpAt = 0] = [workHours[4], workHours[6]];
  ledger.recordSwitch({ at: usedUpAt, from: 'personal', to: 'org:acme', reason: 'credits' });
  ledger.recordSwitch({ at: returnedAt, from: 'org:acme', to: 'personal', reason: 'returned' });
  for (const { folder } of uses) rememberFolder(ledger, `${folder}-0123456789`, folder);
  const account = fingerprint(emulator.token ?? '', {
    hubUrl: emulator.hubUrl,
    routerUrl: emulator.routerUrl,
    endpointsUrl: emulator.endpointsUrl,
  });
  const start = monthStart(now);
  const worked = Array.from(
    { length: Math.floor((now - start) / hourMs) },
    (_, index) => start + index * hourMs,
  );
  const workUntil = (until: number) =>
    worked.filter(at => at < until && isWork(at)).reduce((sum, at) => sum + workloadOf(at), 0);
  for (const at of worked) {
    ledger.recordBalance(
      account,
      at,
      Math.round((usedNanoUsd * workUntil(at)) / Math.max(1, workUntil(now))),
    );
  }
  ledger.close();
}

function isWork(at: number): boolean {
  const date = new Date(at);
  return date.getUTCDay() % 6 !== 0 && date.getUTCHours() >= 8 && date.getUTCHours() < 17;
}

function workloadOf(at: number): number {
  return 1 + ((Math.floor(at / dayMs) * 7) % 5);
}

/** More on some days than on others, the same at each run of a day. */
function requestsOf(index: number, hour: number): RequestTally[] {
  const use = uses[index];
  const day = Math.floor(hour / dayMs);
  if (!use) return [];
  return Array.from({ length: Math.ceil(workloadOf(hour) / (1 + ((day + index) % 2))) }, (_, request) => ({
    at: hour + request * 60_000,
    status: 200,
    billedTo: 'personal',
    provider: use.provider,
    model: use.model,
    promptTokens: 1_800,
    completionTokens: 350,
    costNanoUsd: use.nanoUsd,
    durationMs: 900 + 400 * index,
    firstByteMs: 180 + 90 * index,
    workspace: `${use.folder}-0123456789`,
  }));
}
