import { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Refusal } from '../limits/refusals/refusal.ts';
import type { Door } from './admission/admission.ts';
import type { Exchange } from './exchange.ts';
import type { InFlight } from './inFlight.ts';
import type { GatewayModels, GatewayTimers } from './options.ts';
import type { Pacing } from './pacing/pacing.ts';
import type { Recorder } from './record/recorder.ts';
import type { Payers } from './upstream/payerSelection.ts';
import type { Routes } from './upstream/routes.ts';

/** What all requests of one gateway share. */
export interface Hall {
  readonly door: Door;
  readonly payers: Payers;
  readonly pacing: Pacing;
  readonly recorder: Recorder;
  readonly models: GatewayModels;
  readonly dispatcher: Dispatcher | (() => Dispatcher | Promise<Dispatcher>);
  readonly timers: GatewayTimers;
  readonly inFlight: InFlight<Exchange>;
  readonly now: () => number;
  readonly random: () => number;
  readonly onRefusal: (refusal: Refusal) => void;
  /** While it is closing, after each request. */
  readonly onLeft: () => void;
  readonly log: (line: string) => void;
  /** Of the configuration that holds now. */
  routes: Routes;
  closing: boolean;
  /** Bytes of requests' bodies that are kept in memory. */
  bufferedBytes: number;
  /** Counts up while the gateway runs, to find who makes no progress. */
  tick: number;
}

/** With a way back to the exchange, so that no request needs closures for its listeners. */
export class GatewayRequest extends IncomingMessage {
  exchange: Exchange | undefined;
  /**
   * The body goes to the exchange as the parser reads it, and never becomes a stream, which takes a tenth of a small
   * request's time.
   */
  isDirect = false;
  /** All of such a body has come. */
  isWhole = false;
  /** What node:http asks: whether somebody reads it, so that it need not. */
  declare _consuming: boolean;

  override push(chunk: Buffer | null): boolean {
    if (!this.isDirect) return super.push(chunk);
    if (chunk !== null) this.exchange?.requestData(chunk);
    else {
      this._consuming = this.isWhole = true;
      this.exchange?.requestEnd();
    }
    return true;
  }
}

const nothingExpected = {};

Object.defineProperties(GatewayRequest.prototype, {
  /**
   * Node asks every request for its `expect`, and would make an object of all its headers for that. We read them from
   * `rawHeaders`, in one pass.
   */
  headers: {
    get(this: GatewayRequest): { readonly expect?: string } {
      const raw = this.rawHeaders;
      for (let index = 0; index < raw.length; index += 2) {
        const name = raw[index] ?? '';
        if (name.length === 6 && name.toLowerCase() === 'expect') return { expect: raw[index + 1] };
      }
      return nothingExpected;
    },
  },
  readableEnded: {
    get(this: GatewayRequest): boolean {
      return this.isWhole || Reflect.get(IncomingMessage.prototype, 'readableEnded', this);
    },
  },
});

export class GatewayResponse extends ServerResponse<GatewayRequest> {
  exchange: Exchange | undefined;
}
