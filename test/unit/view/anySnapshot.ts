import fc from 'fast-check';
import type { Part, Problem, Snapshot } from '../../../src/account/snapshot.ts';
import type { HubErrorKind } from '../../../src/hub/hubError.ts';
import type { Endpoint } from '../../../src/limits/account/endpoints.ts';
import { lastOf, type Refusal } from '../../../src/limits/refusals/refusal.ts';
import { account, credits, dayMs, endpoint, fixedNow, hardware, organization, refusal } from './builders.ts';

/** Every kind, so that a new one fails to compile here. */
const kinds: Record<HubErrorKind, true> = {
  'invalid-token': true,
  'missing-permission': true,
  'payment-required': true,
  'rate-limited': true,
  'not-found': true,
  rejected: true,
  'server-error': true,
  redirected: true,
  'not-json': true,
  'format-changed': true,
  'too-large': true,
  truncated: true,
  timeout: true,
  dns: true,
  tls: true,
  unreachable: true,
  aborted: true,
};
export const errorKinds = Object.keys(kinds) as HubErrorKind[];

const allCauses: Record<Refusal['cause'], true> = {
  rate: true,
  tokens: true,
  concurrency: true,
  credits: true,
  unsettled: true,
  'spending-limit': true,
  quota: true,
  plan: true,
  capacity: true,
  unknown: true,
};
export const causes = Object.keys(allCauses) as Refusal['cause'][];

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** A valid or hostile name. */
const name = fc.oneof(
  fc.constantFrom(
    'ada',
    'acme',
    'api',
    'problem',
    '[x](command:evil)',
    '$(zap)',
    'a/b',
    '__proto__',
    '{0}',
    '\u202egpj.exe\u2066\x1b[2J\u200b\u{e0041}\u2028x',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

export { name as anyName };

const count = fc.oneof(fc.nat(20), fc.nat(100_000), fc.constant(Number.MAX_SAFE_INTEGER));
const amount = fc.oneof(fc.constant(0), fc.nat(3_000_000_000), fc.constant(Number.MAX_SAFE_INTEGER));
/** Near now, or beyond every calendar. */
const time = fc.oneof(
  fc.integer({ min: fixedNow - 40 * dayMs, max: fixedNow + 2 * dayMs }),
  fc.constant(0),
  fc.constant(9e15),
);
const past = fc.integer({ min: fixedNow - 40 * dayMs, max: fixedNow });

const problem: fc.Arbitrary<Problem> = fc.record({
  kind: fc.constantFrom(...errorKinds),
  message: fc.string(),
  since: past,
  at: past,
  failures: fc.nat(9),
  nextTryAt: time,
  retryAt: maybe(time),
  status: maybe(fc.integer({ min: 100, max: 599 })),
  words: maybe(name),
  field: maybe(name),
  code: maybe(name),
});

function part<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Part<T>> {
  return fc.oneof(
    fc.constant({}),
    fc.record({ problem }),
    fc.record({ value, asOf: past, problem: maybe(problem) }),
  );
}

const plan = fc.constantFrom('free', 'pro', 'team', 'enterprise', 'enterprise-plus', 'unknown');

const anyCredits = fc
  .record({
    usedNanoUsd: amount,
    includedNanoUsd: maybe(amount),
    limitNanoUsd: maybe(amount),
    requests: maybe(count),
    byProvider: fc.array(fc.record({ provider: name, nanoUsd: amount, requests: maybe(count) }), {
      maxLength: 7,
    }),
    otherSpend: fc.record({ jobs: maybe(amount), spaces: maybe(amount) }),
  })
  .map(change => credits(change));

const anyAccount = fc
  .record({
    name,
    type: fc.constantFrom('user', 'org', 'app'),
    plan,
    canPay: maybe(fc.boolean()),
    organizations: fc.array(
      fc
        .record({
          name,
          plan,
          canPay: maybe(fc.boolean()),
          securityRestrictions: fc.array(name, { maxLength: 1 }),
        })
        .map(change => organization(change.name, change)),
      { maxLength: 3 },
    ),
  })
  .map(change => account(change));

const rateWindow = fc.record({
  bucket: name,
  used: maybe(count),
  remaining: maybe(count),
  limit: maybe(count),
  windowSeconds: maybe(fc.constantFrom(0, 1, 60, 300, 3600, 86_400, 1e15)),
  resetsAt: maybe(time),
  asOf: past,
});

const windows = (source: 'gauge' | 'header') =>
  fc.array(
    rateWindow.map(window => ({ ...window, source })),
    { maxLength: 5 },
  );

const anyEndpoint = fc
  .record({
    state: fc.oneof(
      fc.constantFrom('running', 'paused', 'scaledToZero', 'failed', 'updateFailed', 'updating', 'pending'),
      name,
    ),
    name,
    message: maybe(name),
    readyReplicas: maybe(fc.nat(3)),
    targetReplicas: maybe(fc.nat(3)),
    minReplicas: maybe(fc.nat(2)),
    instanceType: fc.oneof(fc.constant('nvidia-l4'), name),
  })
  .map(change => endpoint(change.name, change));

const anyHardware = fc
  .record({
    id: name,
    vendor: name,
    architecture: name,
    used: maybe(fc.nat(4)),
    max: maybe(fc.nat(4)),
    usdPerHour: maybe(fc.double({ min: 0, max: 90, noNaN: true })),
  })
  .map(change => hardware(change));

const anyRefusal = fc
  .record({
    at: fc.oneof(past, fc.constant(9e15)),
    cause: fc.constantFrom(...causes),
    by: fc.oneof(fc.constantFrom('huggingface', 'unknown', 'groq'), name),
    scope: maybe(
      fc.oneof(fc.constantFrom('api', 'anonymous', 'whoami-v2', 'pay-as-you-go', 'ZeroGPU'), name),
    ),
    limit: maybe(count),
    windowSeconds: maybe(fc.constantFrom(0, 60, 300, 1e15)),
    resetsAt: maybe(time),
    billedTo: maybe(fc.oneof(fc.constantFrom('personal', 'org:acme', 'key:groq'), name)),
    message: name,
    episode: maybe(fc.record({ count: fc.integer({ min: 2, max: 1e9 }), lastsMs: fc.nat(3_600_000) })),
  })
  .map(({ episode, ...change }) =>
    refusal({
      ...change,
      ...(episode && { count: episode.count, lastAt: change.at + episode.lastsMs }),
    }),
  );

const runs = fc.record({ used: fc.nat(9), limit: fc.nat(9), resetsAt: fc.option(time) });

const anyParts = fc.record({
  session: fc.option(
    fc.constant({ id: 's', label: 'ada', source: { kind: 'environment', variable: 'HF_TOKEN' } } as const),
    { nil: undefined, freq: 9 },
  ),
  sessionProblem: maybe(
    fc.oneof(
      fc.record({ kind: fc.constant('keyring' as const), message: name }),
      fc.record({ kind: fc.constant('server-url' as const), message: name }),
      fc.record({
        kind: fc.constant('token-gone' as const),
        source: fc.record({ kind: fc.constant('environment' as const), variable: name }),
      }),
    ),
  ),
  account: part(anyAccount),
  credits: part(anyCredits),
  organizationCredits: fc.dictionary(name, part(anyCredits), { maxKeys: 2 }),
  jobs: part(fc.record({ usedNanoUsd: amount, minutes: count, running: fc.nat(3) })),
  zeroGpu: part(
    fc.record({
      totalSeconds: fc.nat(3_600),
      remainingSeconds: fc.double({ min: 0, max: 3_600, noNaN: true }),
      resetsAt: fc.option(maybe(time)),
      overquotaSeconds: maybe(fc.nat(600)),
      runs: maybe(runs),
    }),
  ),
  gauges: part(fc.record({ windows: windows('gauge'), blockedPastWeek: maybe(count) })),
  headerWindows: windows('header'),
  endpoints: fc.dictionary(name, part(fc.array(anyEndpoint, { maxLength: 4 })), { maxKeys: 3 }),
  hardware: fc.dictionary(name, part(fc.array(anyHardware, { maxLength: 4 })), { maxKeys: 2 }),
  spend: fc.array(fc.record({ at: time, usedNanoUsd: amount }), { maxLength: 9 }),
  refusals: fc.array(anyRefusal, { maxLength: 6 }).map(list => list.sort((a, b) => lastOf(b) - lastOf(a))),
  accepted: fc.array(
    fc.record({
      billedTo: fc.constantFrom('personal', 'org:acme', 'key:groq'),
      lastAt: time,
      open: fc.nat(20),
      heldNanoUsd: fc.nat(200_000_000),
      openSince: maybe(time),
    }),
    { maxLength: 3 },
  ),
  heldNanoUsd: maybe(fc.nat(200_000_000)),
  clockSkewMs: maybe(fc.integer({ min: -dayMs, max: dayMs })),
  ledgerProblem: maybe(fc.constant('The disk is full.')),
});

/** Any snapshot that the types allow, with hostile names and times, signed in or not. */
export const anySnapshot: fc.Arbitrary<Snapshot> = fc
  .tuple(anyParts, maybe(fc.record({ since: past, readAt: fc.oneof(fc.constant(fixedNow), time) })))
  .map(([parts, use]) => ({
    ...parts,
    ...(use && {
      endpointUse: Object.values<Part<readonly Endpoint[]>>(parts.endpoints).flatMap(({ value = [] }) =>
        value.map(({ namespace, name }) => ({
          namespace,
          name,
          askedAt: fixedNow,
          history: { ...use, requests: 5, replicas: 'a b' },
        })),
      ),
    }),
  }));
