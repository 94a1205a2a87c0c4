/** HF's `status.state`; states that HF adds later are kept as they are. */
export type EndpointState =
  | 'pending'
  | 'initializing'
  | 'updating'
  | 'updateFailed'
  | 'running'
  | 'paused'
  | 'failed'
  | 'scaledToZero'
  | (string & {});

export interface Endpoint {
  readonly namespace: string;
  readonly name: string;
  readonly state: EndpointState;
  /** HF's words about the state. */
  readonly message?: string;
  readonly url?: string;
  readonly vendor: string;
  readonly region: string;
  readonly accelerator: string;
  readonly instanceType: string;
  readonly instanceSize: string;
  readonly readyReplicas?: number;
  readonly targetReplicas?: number;
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly scaleToZeroMinutes?: number;
  readonly repository?: string;
  /** Such as `text-generation`. */
  readonly task?: string;
}

/** One compute of `GET /provider/{namespace}`. */
export interface HardwareQuota {
  readonly namespace: string;
  /** HF's id, such as `aws-us-east-1-nvidia-l4-x1`. */
  readonly id: string;
  readonly vendor: string;
  readonly region: string;
  readonly accelerator: string;
  readonly architecture: string;
  readonly instanceType: string;
  readonly instanceSize: string;
  readonly numAccelerators: number;
  readonly status: string;
  /** Accelerators; undefined when the catalogue came without a quota. */
  readonly used?: number;
  readonly max?: number;
  /** USD per replica and hour, as HF sends it. */
  readonly usdPerHour?: number;
}

/** Whether an endpoint takes up instance quota, and why. Undefined: HF documents no rule for its state. */
export interface QuotaEffect {
  readonly counts: boolean | undefined;
  readonly reason:
    | 'running'
    | 'starting'
    | 'updating'
    | 'scaled-to-zero'
    | 'paused'
    | 'update-failed'
    | 'failed'
    | 'unknown-state';
}

const quotaEffects: ReadonlyMap<string, QuotaEffect> = new Map<string, QuotaEffect>([
  ['running', { counts: true, reason: 'running' }],
  ['pending', { counts: true, reason: 'starting' }],
  ['initializing', { counts: true, reason: 'starting' }],
  ['updating', { counts: true, reason: 'updating' }],
  ['scaledToZero', { counts: true, reason: 'scaled-to-zero' }],
  ['paused', { counts: false, reason: 'paused' }],
  ['failed', { counts: undefined, reason: 'failed' }],
]);

/**
 * https://huggingface.co/docs/inference-endpoints/guides/foundations#quotas: paused does not count, scaled to
 * zero does. (The page's list of states contradicts its section on quotas about paused.)
 */
export function quotaEffect(endpoint: Endpoint): QuotaEffect {
  if (endpoint.state === 'updateFailed') {
    // the version before the update goes on serving, if there was one
    return { counts: (endpoint.readyReplicas ?? 0) > 0 ? true : undefined, reason: 'update-failed' };
  }
  return quotaEffects.get(endpoint.state) ?? { counts: undefined, reason: 'unknown-state' };
}
