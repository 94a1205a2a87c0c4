/** HF's `status.state`; a state that HF adds later is kept as it is. */
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
  /** HF's words on the state. */
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
