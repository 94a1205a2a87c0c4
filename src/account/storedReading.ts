import * as v from 'valibot';
import { hubErrorKinds } from '../hub/hubError.ts';
import type { Account, Organization, TokenInfo } from '../limits/account/account.ts';
import type { Credits, JobsUsage } from '../limits/account/credits.ts';
import type { Endpoint, HardwareQuota } from '../limits/account/endpoints.ts';
import type { EndpointUse, EndpointUses, RequestHistory } from '../limits/account/endpointUse.ts';
import type { Plan } from '../limits/account/plans.ts';
import type { ZeroGpuQuota } from '../limits/account/zeroGpu.ts';
import type { RateWindow } from '../limits/headers/rateLimit.ts';
import type { LiveReading } from './liveReading.ts';
import type { Gauges, Problem } from './snapshot.ts';

/**
 * The forms of the readings in the ledger. Any program, and any version of Headroom, may have written them, so
 * that the views can rely on them only when they are checked.
 */
type Schema<T> = v.GenericSchema<unknown, T>;
type Entries<T> = { readonly [Key in keyof T]-?: Schema<T[Key]> };

/** An object with a schema for each of its fields: one that lacks here would be dropped. */
function object<T extends object>(entries: Entries<T>): Schema<T> {
  return v.object(entries as v.ObjectEntries) as unknown as Schema<T>;
}

function name<Name extends string>(names: Readonly<Record<Name, true>>): Schema<Name> {
  return v.picklist(Object.keys(names) as Name[]);
}

/** Undefined for what another version may call otherwise. */
function known<T>(schema: Schema<T>): Schema<T | undefined> {
  return v.fallback(v.optional(schema), undefined);
}

const number = v.pipe(v.number(), v.finite());
/** Epoch ms that a `Date` can express. */
const time = v.pipe(
  number,
  v.check(at => !Number.isNaN(new Date(at).getTime())),
);
const numberOrNot = v.optional(number);
const text = v.string();
const textOrNot = v.optional(text);

const plan = v.fallback(
  name<Plan>({
    anonymous: true,
    free: true,
    pro: true,
    team: true,
    academia: true,
    enterprise: true,
    'enterprise-plus': true,
    unknown: true,
  }),
  'unknown',
);

const organization = object<Organization>({
  id: textOrNot,
  name: text,
  plan,
  role: known(name({ admin: true, write: true, contributor: true, read: true, no_access: true })),
  canPay: v.optional(v.boolean()),
  securityRestrictions: v.array(text),
  resourceGroups: v.array(object({ id: text, name: text, role: textOrNot })),
});

const token = object<TokenInfo>({
  role: v.fallback(
    name<TokenInfo['role']>({ read: true, write: true, fineGrained: true, other: true }),
    'other',
  ),
  permissions: v.array(
    object<TokenInfo['permissions'][number]>({
      name: text,
      entity: v.optional(object({ type: text, id: textOrNot, name: textOrNot })),
    }),
  ),
});

const account = object<Account>({
  id: textOrNot,
  name: text,
  type: name({ user: true, org: true, app: true }),
  plan,
  canPay: v.optional(v.boolean()),
  organizations: v.array(organization),
  token,
});

const credits = object<Credits>({
  usedNanoUsd: number,
  includedNanoUsd: numberOrNot,
  limitNanoUsd: numberOrNot,
  requests: numberOrNot,
  byProvider: v.array(object({ provider: text, nanoUsd: number, requests: numberOrNot })),
  otherSpend: object({
    jobs: numberOrNot,
    spaces: numberOrNot,
    endpoints: numberOrNot,
    privateStorage: numberOrNot,
  }),
});

const jobs = object<JobsUsage>({
  usedNanoUsd: number,
  minutes: number,
  running: number,
});

const zeroGpu = object<ZeroGpuQuota>({
  totalSeconds: number,
  remainingSeconds: number,
  resetsAt: v.nullish(number),
  overquotaSeconds: numberOrNot,
  runs: v.optional(object({ used: number, limit: number, resetsAt: v.nullable(number) })),
});

const windows = v.array(
  object<RateWindow>({
    bucket: text,
    provider: textOrNot,
    model: textOrNot,
    unit: v.optional(name({ requests: true, tokens: true })),
    used: numberOrNot,
    remaining: numberOrNot,
    limit: numberOrNot,
    windowSeconds: numberOrNot,
    resetsAt: numberOrNot,
    resetsFrom: numberOrNot,
    asOf: time,
    source: name({ gauge: true, header: true }),
    isShownOnly: v.optional(v.literal(true)),
    rolledOver: v.optional(v.literal(true)),
    state: known(name({ ok: true, 'nearly-full': true, full: true })),
  }),
);

const live = object<LiveReading>({
  asOf: time,
  credits: v.optional(object({ value: credits, asOf: time })),
  zeroGpu: v.optional(
    object({ value: object({ totalSeconds: number, remainingSeconds: number }), asOf: time }),
  ),
  gauges: v.optional(
    object({ value: object<Gauges>({ windows, blockedPastWeek: numberOrNot }), asOf: time }),
  ),
});

const endpoints = v.array(
  object<Endpoint>({
    namespace: text,
    name: text,
    state: text,
    message: textOrNot,
    url: textOrNot,
    vendor: text,
    region: text,
    accelerator: text,
    instanceType: text,
    instanceSize: text,
    readyReplicas: numberOrNot,
    targetReplicas: numberOrNot,
    minReplicas: numberOrNot,
    maxReplicas: numberOrNot,
    scaleToZeroMinutes: numberOrNot,
    repository: textOrNot,
    task: textOrNot,
  }),
);

const hardware = v.array(
  object<HardwareQuota>({
    namespace: text,
    id: text,
    vendor: text,
    region: text,
    accelerator: text,
    architecture: text,
    instanceType: text,
    instanceSize: text,
    numAccelerators: number,
    status: text,
    used: numberOrNot,
    max: numberOrNot,
    usdPerHour: numberOrNot,
  }),
);

const endpointUse = object<EndpointUses>({
  endpoints: v.array(
    object<EndpointUse>({
      namespace: text,
      name: text,
      askedAt: time,
      history: v.optional(
        object<RequestHistory>({ requests: number, replicas: text, since: time, readAt: time }),
      ),
    }),
  ),
  unavailable: v.array(object({ namespace: text, at: time })),
});

const problem = object<Problem>({
  kind: v.picklist(hubErrorKinds),
  message: text,
  since: time,
  at: time,
  failures: number,
  nextTryAt: number,
  status: numberOrNot,
  words: textOrNot,
  field: textOrNot,
  retryAt: numberOrNot,
  code: textOrNot,
});

/** By the name's part before the namespace. */
const schemas = new Map<string, Schema<unknown>>([
  ['whoami', account],
  ['usage', credits],
  ['organization-usage', credits],
  ['jobs', jobs],
  ['zero-gpu', zeroGpu],
  ['live', live],
  ['endpoints', endpoints],
  ['hardware', hardware],
  ['endpoint-use', endpointUse],
  ['header-windows', windows],
  ['clock-skew', number],
]);

/**
 * The value of a reading from its JSON.
 * @param reading such as `endpoints/acme`
 * @throws SyntaxError or TypeError
 */
export function parseReading(reading: string, json: string): unknown {
  const schema = schemas.get(reading.replace(/\/.*/s, ''));
  return schema && parse(schema, json);
}

/** @throws SyntaxError or TypeError */
export function parseProblem(json: string): Problem {
  return parse(problem, json);
}

/** The error has no values: some are long. */
function parse<T>(schema: Schema<T>, json: string): T {
  const result = v.safeParse(schema, JSON.parse(json), { abortEarly: true });
  if (result.success) return result.output;
  throw new TypeError(`another form at ${v.getDotPath(result.issues[0]) ?? 'its top'}`);
}
