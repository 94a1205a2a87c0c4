import type { Part, Problem, Snapshot } from '../../../src/account/snapshot.ts';
import { personalProfile } from '../../../src/billing/profile.ts';
import type { HubErrorKind } from '../../../src/hub/hubError.ts';
import type { Account, Organization } from '../../../src/limits/account/account.ts';
import { type Credits, monthStart } from '../../../src/limits/account/credits.ts';
import type { Endpoint, HardwareQuota } from '../../../src/limits/account/endpoints.ts';
import type { BalanceSample } from '../../../src/limits/account/forecast.ts';
import type { ZeroGpuQuota } from '../../../src/limits/account/zeroGpu.ts';
import type { RateWindow } from '../../../src/limits/headers/rateLimit.ts';
import type { Refusal } from '../../../src/limits/refusals/refusal.ts';
import type { BudgetState } from '../../../src/view/account/budgetState.ts';
import type { Held } from '../../../src/view/account/heldRequests.ts';
import type { ViewInput, ViewSettings } from '../../../src/view/viewInput.ts';

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Saturday, 22 November 2025, 14:10 UTC: eight days and some hours before the credits reset. */
export const fixedNow = Date.UTC(2025, 10, 22, 14, 10);

export const usd = (amount: number) => Math.round(amount * 1e9);

export function organization(name: string, change: Partial<Organization> = {}): Organization {
  return {
    id: `id-of-${name}`,
    name,
    plan: 'team',
    role: 'write',
    canPay: true,
    securityRestrictions: [],
    resourceGroups: [],
    ...change,
  };
}

/** ada on PRO, in acme (Team, can be billed) and freebies (free: can't). */
export function account(change: Partial<Account> = {}): Account {
  return {
    id: '650000000000000000000001',
    name: 'ada',
    type: 'user',
    plan: 'pro',
    canPay: false,
    organizations: [organization('acme'), organization('freebies', { plan: 'free', canPay: false })],
    token: { role: 'read', permissions: [] },
    ...change,
  };
}

/** $1.02 of $2.00 used, through two providers. */
export function credits(change: Partial<Credits> = {}): Credits {
  return {
    usedNanoUsd: usd(1.02),
    includedNanoUsd: usd(2),
    requests: 412,
    byProvider: [
      { provider: 'groq', nanoUsd: usd(0.22), requests: 12 },
      { provider: 'novita', nanoUsd: usd(0.8), requests: 400 },
    ],
    otherSpend: {},
    ...change,
  };
}

export function gauge(
  bucket: string,
  used: number,
  limit: number,
  change: Partial<RateWindow> = {},
): RateWindow {
  return {
    bucket,
    used,
    remaining: limit - used,
    limit,
    asOf: fixedNow - 40 * secondMs,
    source: 'gauge',
    ...change,
  };
}

/** From `RateLimit` headers, with a reset in 1 min 52 s. */
export function header(
  bucket: string,
  used: number,
  limit: number,
  change: Partial<RateWindow> = {},
): RateWindow {
  return {
    ...gauge(bucket, used, limit),
    windowSeconds: 300,
    resetsAt: fixedNow + 112 * secondMs,
    asOf: fixedNow - 8 * secondMs,
    source: 'header',
    ...change,
  };
}

export function endpoint(name: string, change: Partial<Endpoint> = {}): Endpoint {
  return {
    namespace: 'ada',
    name,
    state: 'running',
    vendor: 'aws',
    region: 'us-east-1',
    accelerator: 'gpu',
    instanceType: 'nvidia-l4',
    instanceSize: 'x1',
    readyReplicas: 1,
    targetReplicas: 1,
    minReplicas: 0,
    maxReplicas: 2,
    scaleToZeroMinutes: 60,
    repository: 'acme/bert',
    ...change,
  };
}

/** Two of two L4 in use. */
export function hardware(change: Partial<HardwareQuota> = {}): HardwareQuota {
  return {
    namespace: 'ada',
    id: 'aws-us-east-1-nvidia-l4-x1',
    vendor: 'aws',
    region: 'us-east-1',
    accelerator: 'gpu',
    architecture: 'NVIDIA L4',
    instanceType: 'nvidia-l4',
    instanceSize: 'x1',
    numAccelerators: 1,
    status: 'available',
    used: 2,
    max: 2,
    usdPerHour: 0.8,
    ...change,
  };
}

/** Groq's tokens per minute, refused in a terminal eight minutes ago and over since. */
export function refusal(change: Partial<Refusal> = {}): Refusal {
  return {
    at: fixedNow - 8 * minuteMs,
    status: 429,
    cause: 'tokens',
    by: 'groq',
    scope: 'tokens per minute',
    limit: 12_000,
    resetsAt: fixedNow - 7 * minuteMs,
    model: 'acme/Model-7B',
    source: 'terminal',
    message: 'Rate limit reached for model `m` on tokens per minute (TPM): Limit 12000',
    ...change,
  };
}

/** The Hub's api window, refused by our own request, with `resetInMs` to go. */
export function hubRefusal(resetInMs: number, change: Partial<Refusal> = {}): Refusal {
  return refusal({
    at: fixedNow - 20 * secondMs,
    cause: 'rate',
    by: 'huggingface',
    scope: 'api',
    limit: 2_500,
    windowSeconds: 300,
    resetsAt: fixedNow + resetInMs,
    model: undefined,
    source: 'headroom',
    message: 'We had to rate limit you, you hit the quota of 2500 api requests per 5 minutes period.',
    ...change,
  });
}

/** Refused by the gateway itself: the router had refused the model to other requests. */
export function routerRefusal(resetInMs: number, change: Partial<Refusal> = {}): Refusal {
  return refusal({
    at: fixedNow - 20 * secondMs,
    cause: 'rate',
    by: 'huggingface',
    scope: 'gpt2',
    limit: undefined,
    resetsAt: fixedNow + resetInMs,
    model: 'gpt2',
    source: 'gateway',
    message: "Not sent by Headroom's gateway: Hugging Face refuses gpt2 for now",
    ...change,
  });
}

/** A 402 for credits, a minute ago. */
export function creditsRefusal(change: Partial<Refusal> = {}): Refusal {
  return refusal({
    at: fixedNow - minuteMs,
    status: 402,
    cause: 'credits',
    by: 'huggingface',
    scope: 'monthly included credits',
    limit: undefined,
    resetsAt: undefined,
    source: 'headroom',
    message: 'You have depleted your monthly included credits.',
    ...change,
  });
}

/** Twelve requests of two programs that have waited 5 s for the Hub's api window; the first can go in 38 s. */
export function held(change: Partial<Held> = {}): Held {
  return {
    limit: 'ada/api',
    by: 'huggingface',
    scope: 'api',
    waiting: 12,
    programs: 2,
    heldBy: 'window',
    until: fixedNow + 38 * secondMs,
    since: fixedNow - 5 * secondMs,
    ...change,
  };
}

export function problem(kind: HubErrorKind, change: Partial<Problem> = {}): Problem {
  return {
    kind,
    message: `A call failed: ${kind}.`,
    since: fixedNow - 5 * minuteMs,
    at: fixedNow - minuteMs,
    failures: 3,
    nextTryAt: fixedNow + 5 * minuteMs,
    ...change,
  };
}

export function part<T>(value: T, ageMs = 40 * secondMs): Part<T> {
  return { value, asOf: fixedNow - ageMs };
}

/** Nothing was read yet. */
export const nothing: Snapshot = {
  account: {},
  credits: {},
  organizationCredits: {},
  jobs: {},
  zeroGpu: {},
  gauges: {},
  headerWindows: [],
  endpoints: {},
  hardware: {},
  refusals: [],
  spend: [],
  accepted: [],
};

/** Samples of a month in which `usedNanoUsd` was spent evenly until `fixedNow`. */
export function evenSpend(usedNanoUsd: number): BalanceSample[] {
  const start = monthStart(fixedNow);
  const hours = Math.floor((fixedNow - start) / hourMs);
  return Array.from({ length: hours + 1 }, (_, hour) => ({
    at: start + hour * hourMs,
    usedNanoUsd: Math.round((usedNanoUsd * hour) / hours),
  }));
}

/** Snapshots for tests, step by step: `aSnapshot().signedIn().withCredits({ usedNanoUsd: usd(1.8) }).build()`. */
export class SnapshotBuilder {
  readonly #snapshot: Snapshot;

  constructor(snapshot: Snapshot = nothing) {
    this.#snapshot = snapshot;
  }

  with(change: Partial<Snapshot>): SnapshotBuilder {
    return new SnapshotBuilder({ ...this.#snapshot, ...change });
  }

  signedIn(): SnapshotBuilder {
    const source = { kind: 'secret-storage', name: 'ada' } as const;
    return this.with({ session: { id: 'session-1', label: 'ada', source } });
  }

  withAccount(change: Partial<Account> = {}): SnapshotBuilder {
    return this.with({ account: part(account(change)) });
  }

  withCredits(change: Partial<Credits> = {}, ageMs = 40 * secondMs): SnapshotBuilder {
    return this.with({ credits: part(credits(change), ageMs) });
  }

  withOrganizationCredits(name: string, change: Partial<Credits> = {}): SnapshotBuilder {
    const { organizationCredits } = this.#snapshot;
    return this.with({ organizationCredits: { ...organizationCredits, [name]: part(credits(change)) } });
  }

  withGauges(...windows: RateWindow[]): SnapshotBuilder {
    return this.with({ gauges: part({ windows, blockedPastWeek: 3 }) });
  }

  withHeaders(...headerWindows: RateWindow[]): SnapshotBuilder {
    return this.with({ headerWindows });
  }

  withEndpoints(namespace: string, ...endpoints: Endpoint[]): SnapshotBuilder {
    const own = endpoints.map(each => ({ ...each, namespace }));
    return this.with({ endpoints: { ...this.#snapshot.endpoints, [namespace]: part(own) } });
  }

  withHardware(namespace: string, ...rows: HardwareQuota[]): SnapshotBuilder {
    const own = rows.map(each => ({ ...each, namespace }));
    return this.with({ hardware: { ...this.#snapshot.hardware, [namespace]: part(own) } });
  }

  withZeroGpu(change: Partial<ZeroGpuQuota> = {}): SnapshotBuilder {
    const quota = {
      totalSeconds: 2_400,
      remainingSeconds: 913.4,
      resetsAt: fixedNow + 4 * hourMs + 10 * minuteMs,
      ...change,
    };
    return this.with({ zeroGpu: part(quota) });
  }

  withRefusals(...refusals: Refusal[]): SnapshotBuilder {
    return this.with({ refusals });
  }

  /** The part's last refresh failed; its value stays. */
  withProblem(
    name: 'account' | 'credits' | 'jobs' | 'zeroGpu' | 'gauges',
    kind: HubErrorKind,
    change: Partial<Problem> = {},
  ): SnapshotBuilder {
    return this.with({ [name]: { ...this.#snapshot[name], problem: problem(kind, change) } });
  }

  /** No call gets through. */
  offline(kind: HubErrorKind = 'dns'): SnapshotBuilder {
    return (['account', 'credits', 'jobs', 'zeroGpu', 'gauges'] as const).reduce<SnapshotBuilder>(
      (builder, name) => builder.withProblem(name, kind, { code: 'ENOTFOUND' }),
      this,
    );
  }

  build(): Snapshot {
    return this.#snapshot;
  }
}

export type InputChange = Partial<Omit<ViewInput, 'snapshot' | 'settings' | 'serverNow'> & ViewSettings>;

/** The user's own budget in all folders, which only warns. */
function ownBudget(warnAtNanoUsd: number): BudgetState {
  return { payer: 'personal', warnAtNanoUsd, countedNanoUsd: 0, uncosted: 0 };
}

/** The input of view models at `fixedNow`, in English and UTC; the account pays. */
export function viewInput(of: SnapshotBuilder | Snapshot, options: InputChange = {}): ViewInput {
  const { show = 'auto', budgetNanoUsd, failover, mutedLimits, payer, ...change } = options;
  const snapshot = of instanceof SnapshotBuilder ? of.build() : of;
  const { now = fixedNow } = change;
  return {
    snapshot,
    payer: payer ?? { chosen: personalProfile },
    learnedHubWindows: [],
    providerWindows: [],
    held: [],
    settings: { show, budgetNanoUsd, failover, mutedLimits },
    budgets: budgetNanoUsd === undefined ? [] : [ownBudget(budgetNanoUsd)],
    locale: 'en',
    timeZone: 'UTC',
    ...change,
    now,
    serverNow: now + (snapshot.clockSkewMs ?? 0),
  };
}

export function aSnapshot(): SnapshotBuilder {
  return new SnapshotBuilder();
}

/** ada, with values in every part. */
export function anEventfulSnapshot(): SnapshotBuilder {
  return aSnapshot()
    .signedIn()
    .withAccount()
    .withCredits({ otherSpend: { spaces: usd(0.12) } })
    .withOrganizationCredits('acme', { usedNanoUsd: usd(3.9), includedNanoUsd: usd(10) })
    .with({ jobs: part({ usedNanoUsd: 413_333_000, minutes: 31, running: 1 }) })
    .withGauges(gauge('api', 23, 2_500), gauge('resolvers', 11_000, 12_000), gauge('pages', 0, 400))
    .withHeaders(header('api', 23, 2_500), header('resolvers', 11_990, 12_000))
    .withEndpoints(
      'ada',
      endpoint('bert-prod'),
      endpoint('nightly', { state: 'scaledToZero', readyReplicas: 0, targetReplicas: 0 }),
      endpoint('old-one', { state: 'paused', readyReplicas: 0, targetReplicas: 0 }),
      endpoint('broken', {
        state: 'failed',
        readyReplicas: 0,
        targetReplicas: 1,
        message: 'CUDA out of memory',
      }),
    )
    .withEndpoints('acme', endpoint('team-model'))
    .withHardware(
      'ada',
      hardware(),
      hardware({
        id: 'aws-us-east-1-nvidia-a100-x4',
        architecture: 'NVIDIA A100',
        instanceType: 'nvidia-a100',
        instanceSize: 'x4',
        numAccelerators: 4,
        used: 0,
        max: 8,
        usdPerHour: 10,
      }),
    )
    .withZeroGpu({ runs: { used: 2, limit: 8, resetsAt: fixedNow + 3 * hourMs } })
    .withRefusals(
      refusal(),
      refusal({ at: fixedNow - 9 * minuteMs }),
      refusal({ at: fixedNow - 10 * minuteMs }),
      hubRefusal(0, { at: fixedNow - 30 * minuteMs, resetsAt: fixedNow - 26 * minuteMs, source: 'notebook' }),
    );
}
