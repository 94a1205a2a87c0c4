import type { ServerResponse } from 'node:http';
import { constants, createGzip, type Gzip } from 'node:zlib';
import { type Fault, spoil } from '../faults.ts';

/** A response of server-sent events. */
export class EventStream {
  /** Aborts when the response has ended or the client has disconnected. */
  readonly signal: AbortSignal;
  readonly #response: ServerResponse;
  readonly #fault: Fault | undefined;
  /** The response, or the gzip stream in front of it. */
  readonly #out: ServerResponse | Gzip;
  #writes = 0;
  #broken = false;

  constructor(response: ServerResponse, fault: Fault | undefined, gzips: boolean) {
    const closed = new AbortController();
    response.on('close', () => closed.abort());
    this.signal = closed.signal;
    this.#response = response;
    this.#fault = fault;
    // flushes each event at once, as without compression
    this.#out = gzips ? createGzip({ flush: constants.Z_SYNC_FLUSH }) : response;
    if (this.#out !== response) (this.#out as Gzip).pipe(response);
  }

  event(name: string, data: unknown): void {
    this.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  data(data: unknown): void {
    this.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
  }

  comment(text: string): void {
    this.write(`: ${text}\n\n`);
  }

  end(): void {
    if (this.#fault?.kind !== 'stall' && !this.#broken) this.#out.end();
  }

  write(text: string): void {
    const fault = this.#fault;
    if (this.signal.aborted || this.#broken) return;
    this.#writes += 1;
    const isDue = this.#writes > (fault?.afterWrites ?? 1);
    if (fault?.kind === 'stall' && isDue) return;
    if (fault?.kind === 'malformed-json') this.#out.write(text.replace(/\}(?=\n)/, ',,'));
    else if ((fault?.kind === 'half-body' || fault?.kind === 'reset-mid-body') && isDue) {
      this.#broken = true;
      this.#out.write(text.slice(0, Math.floor(text.length / 2)), () => this.#response.socket?.destroy());
    } else if (fault && (fault.kind === 'wrong-type' || fault.kind === 'missing-field'))
      this.#out.write(this.#spoilData(fault, text));
    else this.#out.write(text);
  }

  #spoilData(fault: Fault, text: string): string {
    return text.replace(
      /^data: (\{.*\})$/m,
      (_, json: string) => `data: ${spoil(fault, Buffer.from(json)).toString()}`,
    );
  }
}
