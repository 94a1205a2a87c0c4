import { Clock } from './clock.ts';
import type { Fault } from './faults.ts';
import { FixedWindows } from './fixedWindows.ts';
import { InFlight } from './inFlight.ts';
import { applyPatch, isObject } from './patch.ts';
import { scenario } from './scenarios.ts';
import type { State, StatePatch } from './state.ts';

/** One request as the emulator received it, and the status that it gave. */
export interface ReceivedRequest {
  readonly at: string;
  readonly server: ServerName;
  readonly host: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body of a JSON request. */
  body?: unknown;
  /** Bytes of the body and their SHA-256; missing until it has arrived whole. */
  size?: number;
  sha256?: string;
  /** Missing while no answer was given; 0: the socket was destroyed. */
  status?: number;
  /** The caller, or a fault, closed the connection before the answer was whole. */
  cutOff?: true;
}

/** `partners`: the providers' own APIs, each under its id; `cdn`: the storage behind the Hub's large files. */
export type ServerName = 'hub' | 'router' | 'endpoints' | 'partners' | 'cdn';

/** Everything that the servers share: the clock, the accounts, the windows, the faults, what was received. */
export class World {
  readonly clock: Clock;
  readonly requests: ReceivedRequest[] = [];
  faults: Fault[] = [];
  windows: FixedWindows;
  readonly inFlight = new InFlight();
  state: State;
  /** Filled in when the servers listen. */
  urls: Readonly<Record<ServerName, string>> = { hub: '', router: '', endpoints: '', partners: '', cdn: '' };
  /** What was uploaded to the storage, by its SHA-256; no bytes when it was too large to keep. */
  blobs = new Map<string, { readonly size: number; readonly bytes?: Buffer }>();

  constructor(clock = new Clock(), name = 'pro', patch: StatePatch = {}) {
    this.clock = clock;
    this.windows = new FixedWindows(clock.now());
    this.state = scenario(name, clock.now()).base;
    this.load(name, patch);
  }

  /** Starts the named scenario over; what was received and the faults stay. */
  load(name: string, patch: StatePatch = {}): void {
    const now = this.clock.now();
    const { base, patches } = scenario(name, now);
    this.windows = new FixedWindows(now);
    this.state = base;
    for (const each of [...patches, patch]) this.patch(each);
  }

  /** `windows: {bucket: used}` fills the windows of the scenario's own account; the rest is the state's. */
  patch({ windows, ...patch }: StatePatch): void {
    const now = this.clock.now();
    applyPatch(this.state, patch, now);
    if (!isObject(windows)) return;
    for (const [bucket, used] of Object.entries(windows)) {
      this.windows.fill(`${this.principal()}|${bucket}`, Number(used), now, this.state.windowSeconds);
    }
  }

  /** Whose Hub windows the scenario is about: an account, or everybody at this address. */
  principal(): string {
    const owner = this.state.token && this.state.tokens[this.state.token]?.owner;
    return owner ? owner : 'ip:127.0.0.1';
  }
}
