import { Clock } from './clock.ts';
import type { Fault } from './faults.ts';
import { FixedWindows } from './fixedWindows.ts';
import { GitDisk } from './hub/gitDisk.ts';
import { applyPatch, isObject } from './patch.ts';
import { scenario } from './scenarios.ts';
import type { ServerName } from './serverName.ts';
import type { State, StatePatch } from './state.ts';

/** One request as received, and the status of its response. */
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
  /** Bytes of the body and their SHA-256; missing until the whole body has arrived. */
  size?: number;
  sha256?: string;
  /** Missing before the response; 0: the socket was destroyed without one. */
  status?: number;
  /** The client, or a fault, closed the connection before the response was complete. */
  cutOff?: true;
}

/** State that all servers share: clock, accounts, rate windows, faults, received requests. */
export class World {
  readonly clock: Clock;
  readonly requests: ReceivedRequest[] = [];
  faults: Fault[] = [];
  windows: FixedWindows;
  readonly inFlight = new InFlight();
  state: State;
  /** Set once the servers listen. */
  urls: Readonly<Record<ServerName, string>> = { hub: '', router: '', endpoints: '', partners: '', cdn: '' };
  /** The repositories as git reads them. */
  readonly git = new GitDisk();
  /** Uploads by SHA-256; without bytes when too large to keep. */
  blobs = new Map<string, { readonly size: number; readonly bytes?: Buffer }>();

  constructor(clock = new Clock(), name = 'pro', patch: StatePatch = {}) {
    this.clock = clock;
    this.windows = new FixedWindows(clock.now());
    this.state = scenario(name, clock.now()).base;
    this.load(name, patch);
  }

  /** The Hub's address in its own answers. */
  get hubAddress(): string {
    return this.state.hubAddress ?? this.urls.hub;
  }

  /** Restarts the named scenario; received requests and faults stay. */
  load(name: string, patch: StatePatch = {}): void {
    const now = this.clock.now();
    const { base, patches } = scenario(name, now);
    this.windows = new FixedWindows(now);
    this.state = base;
    for (const each of [...patches, patch]) this.patch(each);
  }

  /**
   * `windows: {bucket: used}` or `{bucket: {fullForSeconds}}` sets the Hub windows of the scenario's account; the rest
   * patches the state.
   */
  patch({ windows, ...patch }: StatePatch): void {
    const now = this.clock.now();
    applyPatch(this.state, patch, now);
    if (!isObject(windows)) return;
    const owner = this.state.token && this.state.tokens[this.state.token]?.owner;
    const subject = owner || 'ip:127.0.0.1';
    for (const [bucket, used] of Object.entries(windows)) {
      const key = `${subject}|${bucket}`;
      if (isObject(used)) this.windows.fill(key, now + Number(used.fullForSeconds) * 1000);
      else this.windows.set(key, Number(used), now, this.state.windowSeconds);
    }
  }
}

/** Requests in flight, counted by key. */
class InFlight {
  readonly #counts = new Map<string, number>();

  /** Counts one more, or returns false when `limit` are in flight. */
  enter(key: string, limit: number): boolean {
    const count = this.#counts.get(key) ?? 0;
    if (count >= limit) return false;
    this.#counts.set(key, count + 1);
    return true;
  }

  leave(key: string): void {
    const count = (this.#counts.get(key) ?? 0) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}
