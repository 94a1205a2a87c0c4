import type { Dispatcher } from 'undici';
import type { Refusal } from '../limits/refusals/refusal.ts';
import type { Connections } from './admission/connections.ts';
import type { Strangers } from './admission/strangers.ts';
import type { BodyShare } from './body/bodyShare.ts';
import type { Descriptors } from './descriptors.ts';
import type { InFlight } from './inFlight.ts';
import type { GatewayModels, GatewayTimers } from './options.ts';
import type { Pacing } from './pacing/pacing.ts';
import type { Recorder } from './record/recorder.ts';
import type { Payers } from './upstream/payers.ts';
import type { Routes } from './upstream/routes.ts';
import type { Spending } from './upstream/spending.ts';

/** State and services that all exchanges of one gateway share. */
export interface GatewayContext {
  readonly payers: Payers;
  readonly spending: Spending;
  readonly pacing: Pacing;
  readonly recorder: Recorder;
  readonly models: GatewayModels;
  readonly dispatcher: Dispatcher | (() => Dispatcher | Promise<Dispatcher>);
  readonly timers: GatewayTimers;
  readonly inFlight: InFlight;
  readonly connections: Connections;
  readonly strangers: Strangers;
  readonly descriptors: Descriptors;
  /** For bodies of requests with the key. */
  readonly bodies: BodyShare;
  /** For those of all others. */
  readonly strangersBodies: BodyShare;
  readonly now: () => number;
  readonly random: () => number;
  readonly onRefusal: (refusal: Refusal) => void;
  /** Called after each exchange while the gateway closes. */
  readonly onLeft: () => void;
  readonly log: (line: string) => void;
  /** Routes of the current configuration. */
  routes: Routes;
  closing: boolean;
  /** Counts up every 10 s, to find clients without progress. */
  tick: number;
}
