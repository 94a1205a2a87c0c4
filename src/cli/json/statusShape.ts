import type { BillingProfile } from '../../billing/profile.ts';
import type { Plan } from '../../limits/account/plans.ts';

/**
 * What `headroom status --json` prints: a contract with programs outside. Every key is always there. Null: not
 * known; an empty list: known to be empty. Times are ISO-8601 in UTC, money integers of nano-USD (1e-9 USD).
 */
export interface StatusJson {
  readonly account: {
    readonly name: string | null;
    readonly type: 'user' | 'org' | 'app' | null;
    /** HF's word: `free`, `pro`, `team`, `academia`, `enterprise`, `enterprise-plus`. */
    readonly plan: Plan | null;
    readonly organizations: readonly OrganizationJson[] | null;
  };
  /** Who pays for requests through the gateway, in the window to which the terminal belongs. */
  readonly billing: {
    /** The chosen one. */
    readonly profile: BillingProfile;
    /** Who pays in its place at present. */
    readonly standIn: StandInJson | null;
  };
  /** Inference Providers in this calendar month (UTC). */
  readonly credits: {
    readonly usedNanoUsd: number | null;
    /** The inference part of the monthly credits. */
    readonly includedNanoUsd: number | null;
    /** What goes beyond the included credits. */
    readonly chargedNanoUsd: number | null;
    /** Of the included credits: a prepaid balance can't be read with a token. */
    readonly remainingNanoUsd: number | null;
    /** Null also when no limit is configured. */
    readonly limitNanoUsd: number | null;
    readonly requests: number | null;
    readonly resetsAt: string | null;
    /** When Hugging Face said so. */
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
  /** What gateways were told of providers' windows in the last hour, as far as it still matters. */
  readonly providerWindows: readonly ProviderWindowJson[];
  /** Of the user and all organizations that the token can see. */
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
  /** Why not: `locked-out`, `free-plan`, `no-payment-method`, `no-write-role`. */
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
  /** Which of HF's words `used` is: the live usage stream or a `RateLimit` header. */
  readonly source: 'gauge' | 'header';
}

export interface ProviderWindowJson {
  /** Its id. */
  readonly provider: string;
  /** Null of the shared account: nobody knows for which model it was told. */
  readonly model: string | null;
  /** As refusals name it: `tokens per minute`. */
  readonly window: string;
  /** Of Hugging Face's account at the provider, which all its users share, in place of your own key's. */
  readonly shared: boolean;
  /** Null also when the window has begun anew since. */
  readonly used: number | null;
  readonly remaining: number | null;
  readonly limit: number | null;
  readonly windowSeconds: number | null;
  readonly resetsAt: string | null;
  /** When the provider said so. */
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
  /** HF's `instanceType` and `instanceSize`, such as `nvidia-l4 x1`. */
  readonly instance: string;
  /** What it costs now: HF's price × ready replicas. USD. */
  readonly usdPerHour: number | null;
}

export interface HardwareQuotaJson {
  readonly namespace: string;
  /** HF's id, such as `aws-us-east-1-nvidia-l4-x1`. */
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
  /** A key of this object, or one with a namespace such as `endpoints/acme`. */
  readonly part: string;
  readonly message: string;
}
