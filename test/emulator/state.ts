/** The emulated accounts and settings, as plain data. A scenario is one; `POST /state` patches the current one. */
export interface State {
  scenario: string;
  /** The scenario's token; null when it is anonymous. */
  token: string | null;
  users: Record<string, User>;
  orgs: Record<string, Org>;
  /** By token. */
  tokens: Record<string, Token>;
  /** By `namespace/name`. */
  endpoints: Record<string, EndpointState>;
  repos: Record<string, Repo>;
  /** By provider id. */
  providers: Record<string, ProviderState>;
  live: LiveSettings;
  whoami: { limit: number };
  /** Requests per Hub window in place of the plan's, by bucket. */
  limits: Record<string, number>;
  /** The Hub's address in its own answers, such as `https://huggingface.co`; the emulated Hub's when missing. */
  hubAddress?: string;
  /** Length of HF's windows; 300 unless a test needs shorter ones. */
  windowSeconds: number;
  /** Limits of single actions. */
  actions: { commitsPerHour: number; spacesPerDay: number };
  router: RouterSettings;
  /** Gzips JSON and event streams for clients that accept it. */
  compress: boolean;
  /** Format of a model's `inferenceProviderMapping`; HF uses both. */
  mappingForm: 'map' | 'array';
}

export interface Payer {
  id: string;
  fullname: string;
  email: string | null;
  canPay: boolean;
  /** Epoch seconds. */
  periodEnd: number | null;
  avatarUrl: string;
  credits: Credits;
  jobs: Job[];
  storage: Storage;
  /** Accelerators by `vendor/instanceType`. */
  quotas: Record<string, number>;
  disabledProviders: string[];
}

export interface User extends Payer {
  emailVerified: boolean;
  isPro: boolean;
  billingMode: 'prepaid' | 'postpaid';
  /** Tier of the Hub's limits: the best of the user's plan and the organizations' plans. */
  hubTier: Tier;
  zeroGpu: ZeroGpu;
  blockedPastWeek: number;
  customKeyProviders: string[];
}

export interface Org extends Payer {
  /** Missing for a free organization. */
  plan?: PaidPlan;
  members: Record<string, Member>;
  resourceGroups: ResourceGroup[];
  /** Features that only admins may use. */
  restrictedFeatures?: Feature[];
}

export type Feature = 'jobs' | 'endpoints';
export type PaidPlan = 'team' | 'academia' | 'enterprise' | 'enterprise-plus';
/** A row in HF's table of Hub rate limits. */
export type Tier = 'anonymous' | 'free' | 'pro' | PaidPlan;
export type Role = 'admin' | 'write' | 'contributor' | 'read' | 'no_access';

export interface Member {
  role: Role;
  securityRestrictions?: string[];
}

export interface ResourceGroup {
  id: string;
  name: string;
  members: Record<string, Role>;
  spendLimitCents?: number;
}

export interface Token {
  /** Name of a user or organization. */
  owner: string;
  displayName: string;
  role: 'read' | 'write' | 'fineGrained';
  createdAt: string;
  /** Epoch ms. */
  expiresAt?: number;
  global?: string[];
  scoped?: { entity: string; permissions: string[] }[];
  /** Of a fine-grained token: may read gated repositories that its owner was granted. */
  canReadGatedRepos?: boolean;
}

export interface Credits {
  includedNanoUsd: number;
  /** 0: no limit configured. */
  limitNanoUsd: number;
  /** The prepaid wallet, which no API shows. */
  prepaidNanoUsd: number;
  charges: Charge[];
}

/** Requests of one provider; they cost the placeholder until they are settled. Times are epoch ms. */
export interface Charge {
  at: number;
  settlesAt: number;
  provider: string;
  model?: string;
  requests: number;
  placeholderNanoUsd: number;
  costNanoUsd: number;
  session?: string;
  resourceGroup?: string;
}

export interface Job {
  id: string;
  flavor: string;
  image?: string;
  command?: string[];
  startedAt: number;
  /** Missing while it is running. */
  completedAt?: number;
}

export interface Storage {
  privateBytes: number;
  publicBytes: number;
  repos: number;
  privateLimitBytes: number;
  publicLimitBytes: number;
}

export interface ZeroGpu {
  baseSeconds: number;
  usedSeconds: number;
  /** Missing when no window has started. */
  firstUseAt?: number;
  overquotaUsed: number;
  runs?: { used: number; limit: number };
}

export type EndpointPhase =
  | 'pending'
  | 'initializing'
  | 'updating'
  | 'updateFailed'
  | 'running'
  | 'paused'
  | 'failed'
  | 'scaledToZero';

export interface EndpointState {
  type: 'public' | 'protected' | 'authenticated' | 'private';
  vendor: string;
  region: string;
  instanceType: string;
  instanceSize: string;
  minReplica: number;
  maxReplica: number;
  scaleToZeroMinutes: number | null;
  repository: string;
  task: string;
  state: EndpointPhase;
  message: string;
  createdAt: number;
  updatedAt: number;
  createdBy: string;
  /** Epoch ms at which it entered this state. */
  since: number;
  lastRequestAt: number;
  /** Answered requests by replica and status, of the replicas that run. */
  served?: Record<string, Record<string, number>>;
  /** Billed periods: while initializing or running. */
  billed: { startedAt: number; stoppedAt?: number }[];
  /** When set, each start fails with this message. */
  failsWith?: string;
  /** Stays in its state for ever: changes are accepted, starts begin, none is completed. */
  stuck?: boolean;
  /** Id of the organization's resource group that its model belongs to. */
  resourceGroup?: string;
}

export interface Repo {
  type: 'model' | 'dataset' | 'space';
  private: boolean;
  gated: false | 'auto' | 'manual';
  downloads: number;
  likes: number;
  task?: string;
  lastModified: string;
  /** Users with access to a gated repository, beside its owner. */
  granted?: string[];
  /** Of a Space. */
  sdk?: string;
  hardware?: string;
  files: Record<string, GitFile>;
  /** Large files, stored outside git: in `World.blobs`, or else generated. */
  lfs: Record<string, LfsFile>;
}

/** Content of a file in git: text, or bytes that are no UTF-8. */
export type GitFile = string | { readonly base64: string };

export interface LfsFile {
  /** Bytes. */
  size: number;
  /** SHA-256; missing for a generated file. */
  oid?: string;
}

export interface RouterSettings {
  placeholderNanoUsd: number;
  settleSeconds: number;
  chunkDelayMs: number;
  words: '2025' | '2026';
  /** Requests per account and window. Missing: no window, since none was seen on HF's router. */
  requestsPerWindow?: number;
}

/** A provider's limits for one account: HF's, or that of a key. */
export interface ProviderLimits {
  tokensPerMinute: number;
  /** Length of that minute; 60 when missing. */
  minuteSeconds?: number;
  /** Concurrent requests; unlimited when missing. No header reports it. */
  mostInFlight?: number;
  /** Delay of a completion, in ms of the emulator's clock; refusals come at once. */
  latencyMs?: number;
  requestsPerDay: number;
  /** Number of requests to refuse next, whatever the windows say. */
  refuseNext: number;
  /** Models, by the id in the request, that get a 429 with `Retry-After` until then. */
  closedModels?: Record<string, { opensAt: number }>;
  /** The kind of those refusals (see README.md); the provider's usual 429 when missing. */
  refusal?: string;
}

/** An account at the provider itself: requests with its key cost its balance, and nothing at HF. */
export interface ProviderKey extends ProviderLimits {
  balanceNanoUsd: number;
}

export interface ProviderState extends ProviderLimits {
  /** By key. */
  keys: Record<string, ProviderKey>;
  /** 402 "Pay-as-you go is not enabled". */
  payAsYouGo: boolean;
  /** 402 "free monthly usage limit for <provider>". */
  monthlyLimitReached: boolean;
  /** Never reports costs to HF: each placeholder is reversed after 30 minutes. */
  unanswered: boolean;
}

export interface LiveSettings {
  /** Between two usage events, in ms of the emulator's clock. */
  intervalMs: number;
  /** Parts in the first event. */
  firstParts: string[];
  /** Sends keep-alives and no usage events. */
  silent: boolean;
}

/** Any part of the state, plus the shorthands of `patch.ts` and `windows` (see README.md). */
export type StatePatch = Record<string, unknown>;
