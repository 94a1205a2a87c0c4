/** The emulator's world as plain data: a scenario is one of these, and `POST /state` patches the live one. */
export interface State {
  scenario: string;
  /** The token that the scenario is about; null: anonymous. */
  token: string | null;
  users: Record<string, User>;
  orgs: Record<string, Org>;
  /** By the token itself. */
  tokens: Record<string, Token>;
  /** By `namespace/name`. */
  endpoints: Record<string, EndpointState>;
  repos: Record<string, Repo>;
  /** By provider id. */
  providers: Record<string, ProviderState>;
  live: LiveSettings;
  whoami: { limit: number };
  /** Replaces the plan's number of requests per window, by bucket. */
  limits: Record<string, number>;
  /** How long Hugging Face's windows last: 300, and less for those who can't wait so long. */
  windowSeconds: number;
  /** Actions of 6.3: how many commits in an hour, how many Spaces in a day. */
  actions: { commitsPerHour: number; spacesPerDay: number };
  router: RouterSettings;
  /** Answers, streams included, are gzipped for those who take that. */
  compress: boolean;
  /** In which of HF's two forms a model's `inferenceProviderMapping` comes. */
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
  /** Which Hub limits apply: the best of the user's own plan and those of the organizations. */
  hubTier: Tier;
  zeroGpu: ZeroGpu;
  blockedPastWeek: number;
  customKeyProviders: string[];
}

export interface Org extends Payer {
  /** Absent: a free organization. */
  plan?: PaidPlan;
  members: Record<string, Member>;
  resourceGroups: ResourceGroup[];
}

export type PaidPlan = 'team' | 'academia' | 'enterprise' | 'enterprise-plus';
/** A row of HF's table of Hub rate limits. */
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
  /** A user's or an organization's name. */
  owner: string;
  displayName: string;
  role: 'read' | 'write' | 'fineGrained';
  createdAt: string;
  /** Epoch ms. */
  expiresAt?: number;
  global?: string[];
  scoped?: { entity: string; permissions: string[] }[];
}

export interface Credits {
  includedNanoUsd: number;
  /** 0: no limit configured. */
  limitNanoUsd: number;
  /** The wallet, which no token can read. */
  prepaidNanoUsd: number;
  charges: Charge[];
}

/** One request, or many of one provider: costs the placeholder until it is settled. */
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
  startedAt: number;
  /** Missing: it runs. */
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
  /** Missing: no window runs. */
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
  /** Since when it is in this state. */
  since: number;
  lastRequestAt: number;
  /** When it cost money: initializing and running. */
  billed: { startedAt: number; stoppedAt?: number }[];
  /** What a start comes to: an endpoint that can't start fails with this message. */
  failsWith?: string;
}

export interface Repo {
  type: 'model' | 'dataset' | 'space';
  private: boolean;
  gated: false | 'auto' | 'manual';
  downloads: number;
  likes: number;
  task?: string;
  lastModified: string;
  files: Record<string, string>;
  /** Files that git keeps as pointers: their contents are `World.blobs`, or `pattern(size)` when that has none. */
  lfs: Record<string, LfsFile>;
}

export interface LfsFile {
  /** Bytes. */
  size: number;
  /** SHA-256; of `pattern(size)` when missing. */
  oid?: string;
}

export interface RouterSettings {
  placeholderNanoUsd: number;
  settleSeconds: number;
  chunkDelayMs: number;
  words: '2025' | '2026';
  /** Of each account, told on every response. Missing: no window, as nobody has seen one on the real router. */
  requestsPerWindow?: number;
}

/** What a partner lets one account do: HF's shared one, or that of a key. */
export interface PartnerLimits {
  tokensPerMinute: number;
  /** How long that minute lasts; 60 when missing. */
  minuteSeconds?: number;
  /** Requests at a time; any number when missing. No header tells of it. */
  mostInFlight?: number;
  /** How long an answer takes, in the clock's ms; a refusal takes no time. */
  latencyMs?: number;
  requestsPerDay: number;
  /** Refuse so many of the next requests whatever the windows say. */
  refuseNext: number;
  /** Which of the provider's refusals: its usual 429 when missing. */
  refusal?: string;
}

/** An account at the partner itself: what its key pays for costs it, and HF nothing. */
export interface PartnerKey extends PartnerLimits {
  /** Goes down with each call. */
  balanceNanoUsd: number;
}

export interface ProviderState extends PartnerLimits {
  /** By the key itself. */
  keys: Record<string, PartnerKey>;
  /** 402 "Pay-as-you go is not enabled". */
  payAsYouGo: boolean;
  /** 402 "free monthly usage limit for <provider>". */
  monthlyLimitReached: boolean;
  /** Never tells HF what a request cost: the placeholder is reversed after half an hour. */
  unanswered: boolean;
}

export interface LiveSettings {
  /** Between two usage events, in the clock's ms. */
  intervalMs: number;
  /** The parts of the first event. */
  firstParts: string[];
  /** Connect and then send nothing but keep-alives. */
  silent: boolean;
}

/** What a patch may say: any part of the state, plus shorthands that only a load or a patch understands. */
export type StatePatch = Record<string, unknown>;
