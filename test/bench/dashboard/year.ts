import type { RouterModel } from '../../../src/hub/router.ts';
import { rememberFolder } from '../../../src/ledger/folderNames.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { monthStart } from '../../../src/limits/account/credits.ts';
import type { Refusal, RefusalCause } from '../../../src/limits/refusals/refusal.ts';
import type { RequestTally } from '../../../src/limits/requests/requestTally.ts';
import type { ViewInput } from '../../../src/view/viewInput.ts';
import { aSnapshot, credits, endpoint, gauge, hardware, part, viewInput } from '../../unit/view/builders.ts';

// A year that a script makes: the same at each run.

const hourMs = 3_600_000;
const providers = [
  'groq',
  'together',
  'novita',
  'cerebras',
  'deepinfra',
  'fireworks-ai',
  'nscale',
  'baseten',
];
const models = Array.from({ length: 40 }, (_, index) => `org-${index % 7}/Model-${index}-Instruct`);
const payers = ['personal', 'org:acme', 'key:groq'];
const folders = ['headroom', 'train', 'site', 'notes', 'agents'].map(name => `${name}-0123456789`);
const causes: readonly RefusalCause[] = ['rate', 'tokens', 'credits', 'unsettled', 'capacity', 'quota'];

/** Hash of an integer, for values that vary without a pattern: Knuth's multiplication. */
function varied(seed: number, most: number): number {
  return (Math.imul(seed, 2_654_435_761) >>> 8) % most;
}

/** An hour of work: 40 requests, none at night and few on weekends. */
export function batchAt(at: number): RequestTally[] {
  const hour = Math.floor(at / hourMs);
  const ofDay = hour % 24;
  if (ofDay < 6 || ofDay > 20) return [];
  const isWeekend = [2, 3].includes(Math.floor(hour / 24) % 7);
  return Array.from({ length: isWeekend ? 6 : 40 }, (_, index): RequestTally => {
    const seed = hour * 64 + index;
    const model = varied(seed, 40);
    const refused = varied(seed + 1, 50) === 0;
    const promptTokens = 200 + varied(seed + 2, 4_000);
    const completionTokens = 20 + varied(seed + 3, 900);
    return {
      at: at + index,
      status: refused ? 429 : 200,
      billedTo: payers[varied(seed + 4, 10) < 7 ? 0 : varied(seed + 5, 3)] ?? '',
      provider: providers[(model + varied(seed + 6, 2)) % providers.length] ?? '',
      model: models[model] ?? '',
      durationMs: 300 + varied(seed + 7, 9_000),
      workspace: folders[varied(hour, 5)] ?? '',
      ...(!refused && {
        promptTokens,
        completionTokens,
        costNanoUsd: promptTokens * 150 + completionTokens * 600,
        firstByteMs: 80 + varied(seed + 8, 900),
      }),
    };
  });
}

function refusalsAt(at: number): Refusal[] {
  const hour = Math.floor(at / hourMs);
  if (varied(hour, 3) !== 0) return [];
  return [
    {
      at,
      status: 429,
      cause: causes[varied(hour + 1, causes.length)] ?? 'rate',
      by: varied(hour + 2, 2) === 0 ? 'huggingface' : (providers[varied(hour + 3, 8)] ?? ''),
      source: 'gateway',
      message: 'Rate limit reached',
    },
  ];
}

/** Records the year before `end`, an epoch ms; `setNow` sets the ledger's clock. */
export function writeYear(ledger: Ledger, end: number, setNow: (at: number) => void): void {
  for (let at = end - 365 * 24 * hourMs; at <= end; at += hourMs) {
    setNow(at);
    const tallies = batchAt(at);
    if (tallies.length > 0) ledger.recordTallies(tallies);
    const refusals = refusalsAt(at);
    if (refusals.length > 0) ledger.recordRefusals(refusals);
  }
  for (const folder of folders) rememberFolder(ledger, folder, `folder-${folder}`);
  for (let sweep = 1; sweep <= 100; sweep++) {
    setNow(end + sweep * 2_000);
    ledger.setPreference('bench', String(sweep));
  }
}

/** Each model at five providers, one of which lists no price. */
export const routerModels: readonly RouterModel[] = models.map((id, model) => ({
  id,
  offers: Array.from({ length: 5 }, (_, index) => ({
    provider: providers[(model + index) % providers.length] ?? '',
    status: 'live',
    isFree: false,
    ...(index !== 4 && { pricing: { input: 0.1 + 0.05 * index, output: 0.5 + 0.1 * index } }),
    throughput: 40 + 20 * index,
    firstTokenLatencyMs: 200 + 50 * index,
  })),
}));

/** A month of samples each five minutes, and 300 endpoints, 60 of which run. */
export function bigAccount(now: number, timeZone: string): ViewInput {
  const states = ['running', 'scaledToZero', 'paused', 'failed', 'initializing'];
  const start = monthStart(now);
  const samples = Array.from({ length: Math.floor((now - start) / 300_000) }, (_, index) => ({
    at: start + index * 300_000,
    usedNanoUsd: index * 700_000 + varied(index, 5) * 10_000_000,
  }));
  const snapshot = aSnapshot()
    .signedIn()
    .withAccount()
    .withGauges(gauge('api', 23, 2_500), gauge('resolvers', 11_990, 12_000), gauge('pages', 0, 400))
    .withEndpoints(
      'ada',
      ...Array.from({ length: 300 }, (_, index) =>
        endpoint(`endpoint-${index}`, { state: states[index % states.length] ?? 'running' }),
      ),
    )
    .withHardware('ada', hardware())
    .with({
      credits: { value: credits({ otherSpend: { endpoints: 12_400_000_000 } }), asOf: now - 40_000 },
      spend: samples,
      organizationCredits: { acme: part({ usedNanoUsd: 1, byProvider: [], otherSpend: {} }) },
    });
  return viewInput(snapshot, { now, timeZone });
}
