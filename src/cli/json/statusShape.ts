import type { BillingProfile } from '../../billing/profile.ts';
import type { Plan } from '../../limits/account/plans.ts';

/**
 * `headroom status --json`: a contract with other programs. Every key is always present. Null: unknown; an empty
 * list: known to be empty. Times are ISO-8601 in UTC, money is integers of nano-USD (1e-9 USD).
 */
export interface StatusJson {
  readonly account: {
    readonly name: string | null;
    readonly type: 'user' | 'org' | 'app' | null;
    /** HF's word: `free`, `pro`, `team`, `academia`, `enterprise`, `enterprise-plus`. */
    readonly plan: Plan | null;
    readonly organizations: readonly OrganizationJson[] | null;
  };
  /** For requests through the gateway, in the terminal's window. */
  readonly billing: {
    readonly profile: BillingProfile;
    /** Pays in place of `profile`. */
    readonly standIn: StandInJson | null;
  };
  /** Inference Providers in this calendar month (UTC). */
  readonly credits: {
    readonly usedNanoUsd: number | null;
    /** The part of the monthly credits that is for inference. */
    readonly includedNanoUsd: number | null;
    /** Beyond the included credits. */
    readonly chargedNanoUsd: number | null;
    /** Of the included credits; a token can't read a prepaid balance. */
    readonly remainingNanoUsd: number | null;
    /** Null also when no limit is configured. */
    readonly limitNanoUsd: number | null;
    readonly requests: number | null;
    readonly resetsAt: string | null;
    /** When Hugging Face reported it. */
    readonly asOf: string | null;
    readonly byProvider: readonly ProviderJson[] | null;
  };
  readonly jobs: { readonly usedNanoUsd: number | null; readonly minutes: number | null };
  readonly zeroGpu: {
    readonly totalSeconds: number | null;
    readonly remainingSeconds: number | null;
    /** Null also when the quota is full and no window runs. */
    readonly resetsAt: string | null;
  };
  /** Each bucket once. */
  readonly rateWindows: readonly RateWindowJson[] | null;
  /** As providers reported them to gateways in the last hour; without windows that have ended. */
  readonly providerWindows: readonly ProviderWindowJson[];
  /** Of the user and all organizations that the token sees. */
  readonly endpoints: readonly EndpointJson[] | null;
  readonly hardwareQuotas: readonly HardwareQuotaJson[] | null;
  /** Newest first, at most 50. */
  readonly refusals: readonly RefusalJson[];
  readonly errors: readonly ErrorJson[];
}

interface StandInJson {
  readonly profile: BillingProfile;
  readonly reason: 'credits' | 'spending-limit';
  readonly since: string | null;
}

export interface OrganizationJson {
  readonly name: string;
  readonly plan: Plan | null;
  readonly role: string | null;
  readonly canBill: boolean | null;
  /** Of `canBill: false`: `locked-out`, `free-plan`, `no-payment-method`, `no-write-role`. */
  readonly reason: string | null;
}

interface ProviderJson {
  readonly provider: string;
  readonly nanoUsd: number;
  readonly requests: number | null;
}

export interface RateWindowJson {
  readonly bucket: string;
  readonly used: number | null;
  readonly remaining: number | null;
  readonly limit: number | null;
  readonly windowSeconds: number | null;
  readonly resetsAt: string | null;
  /** `gauge`: HF's live usage stream; `header`: a `RateLimit` header. */
  readonly source: 'gauge' | 'header';
}

export interface ProviderWindowJson {
  readonly provider: string;
  /** Null for HF's shared account: its windows name no model. */
  readonly model: string | null;
  /** As refusals name it: `tokens per minute`. */
  readonly window: string;
  /** True: of Hugging Face's account at the provider, shared by all its users. False: of your key. */
  readonly shared: boolean;
  /** Null also when a new window has begun since. */
  readonly used: number | null;
  readonly remaining: number | null;
  readonly limit: number | null;
  readonly windowSeconds: number | null;
  readonly resetsAt: string | null;
  /** When the provider reported it. */
  readonly asOf: string | null;
}

export interface EndpointJson {
  readonly namespace: string;
  readonly name: string;
  /** HF's `status.state`. */
  readonly state: string;
  readonly countsTowardsQuota: boolean | null;
  readonly readyReplicas: number | null;
  readonly targetReplicas: number | null;
  /** HF's `instanceType` and `instanceSize`: `nvidia-l4 x1`. */
  readonly instance: string;
  /** USD: HF's price × ready replicas. */
  readonly usdPerHour: number | null;
}

export interface HardwareQuotaJson {
  readonly namespace: string;
  /** HF's id: `aws-us-east-1-nvidia-l4-x1`. */
  readonly id: string;
  /** Accelerators. */
  readonly used: number | null;
  readonly max: number | null;
  /** USD per replica. */
  readonly usdPerHour: number | null;
}

export interface RefusalJson {
  readonly at: string;
  readonly status: number;
  readonly cause: string;
  /** `huggingface` or a provider's id. */
  readonly by: string;
  readonly scope: string | null;
  readonly resetsAt: string | null;
  readonly billedTo: string | null;
  readonly model: string | null;
  readonly source: string;
  readonly message: string;
}

export interface ErrorJson {
  /** A key of the status, perhaps with a namespace: `endpoints/acme`. */
  readonly part: string;
  readonly message: string;
}

/** Null when unknown, and for a time that ISO-8601 can't express: a server's wait may exceed the last date. */
export function iso(epochMs: number | null | undefined): string | null {
  const date = new Date(epochMs ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
