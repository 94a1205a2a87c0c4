import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RawUpstream, rawUpstream } from '../rawUpstream.ts';
import { gatewayTo, key, type TestGateway, type TestGatewayOptions } from '../testGateway.ts';
import { type OpenStream, openStream, streamHead } from './openStream.ts';
import { assertLegal, type Outcome, readAnswer } from './receivedAnswer.ts';

/** What a server sends in answer to one request, byte for byte. */
export interface OddAnswer {
  /** In turn, a turn of the event loop apart. Strings have a character for each byte. */
  readonly parts: readonly (string | Buffer)[];
  /** Sent again and again after the last part, until the connection is closed. */
  readonly endless?: string;
  /** What the server does with the connection after the last part. */
  readonly end: 'stay' | 'close' | 'reset';
  /** Before the request's body has been read. */
  readonly early?: boolean;
}

/** A request that meets an answer. */
export interface Caller {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly path: string;
  readonly minor: 0 | 1;
}

/** Streams that are open beside each answer. */
export const streamCount = 20;
/** An answer that has begun and does not go on is ended by its server after this time. */
const stayMs = 150;
/** Far beyond every exchange here; what takes longer hangs. */
const mostMs = 4_000;
const planted = ['hf_developers', key, 'hf_callersOwn', 'PLANTED'];

/** The server's answer to the next request, by the number in its head. */
class Answers {
  #number = '';
  #answer: OddAnswer | undefined;
  #isGiven = false;

  expect(number: string, answer: OddAnswer): void {
    this.#number = number;
    this.#answer = answer;
    this.#isGiven = false;
  }

  to(head: string): OddAnswer | undefined {
    const [, number] = /^x-answer: (\d+)/im.exec(head) ?? [];
    if (number !== this.#number) return;
    this.#isGiven = true;
    return this.#answer;
  }

  wasGiven(number: string): boolean {
    return number === this.#number && this.#isGiven;
  }
}

/** The shipped gateway between callers and a server of odd answers, with streams open beside them. */
export class AnswerRig {
  readonly gateway: TestGateway;
  readonly #upstream: RawUpstream;
  readonly #streams: readonly OpenStream[];
  readonly #answers: Answers;
  #count = 0;

  constructor(gateway: TestGateway, upstream: RawUpstream, streams: readonly OpenStream[], answers: Answers) {
    this.gateway = gateway;
    this.#upstream = upstream;
    this.#streams = streams;
    this.#answers = answers;
  }

  static async start(options: TestGatewayOptions = {}): Promise<AnswerRig> {
    const answers = new Answers();
    const streamSockets: Socket[] = [];
    const upstream = await rawUpstream(({ head, socket }) => {
      if (head.includes('?stream')) {
        streamSockets.push(socket);
        socket.write(streamHead);
        return;
      }
      const answer = answers.to(head);
      if (answer && !answer.early) void giveAnswer(answer, socket);
    });
    upstream.onData = (data, socket) => {
      const answer = answers.to(data.toString('latin1'));
      if (answer?.early) void giveAnswer(answer, socket);
    };
    const config = { longestWaitMs: 0, pacing: 'observe', ...options.config } as const;
    const gateway = await gatewayTo(upstream.url, { ...options, config });
    const streams: OpenStream[] = [];
    for (let index = 0; index < streamCount; index++) {
      streams.push(await openStream(gateway, streamSockets, index));
    }
    return new AnswerRig(gateway, upstream, streams, answers);
  }

  /** Sends the answer to a request, and checks that this request alone is ended by it. */
  async meet(answer: OddAnswer, caller: Partial<Caller> = {}, mayAskAgain = true): Promise<Outcome> {
    const { method = 'POST', path = '/v1/chat/completions', minor = 1 } = caller;
    const number = String(++this.#count);
    this.#answers.expect(number, answer);
    const body = method === 'POST' ? '{"model":"acme/Model-7B","messages":[]}' : '';
    const request = [
      `${method} ${path} HTTP/1.${minor}`,
      `host: 127.0.0.1:${this.gateway.port}`,
      `authorization: Bearer ${key}`,
      `x-answer: ${number}`,
      'connection: close',
      ...(method === 'POST' ? ['content-type: application/json', `content-length: ${body.length}`] : []),
    ];
    const outcome = await exchange(this.gateway.port, `${request.join('\r\n')}\r\n\r\n${body}`, method);
    // the server of the last answer closed its connection just when the gateway sent this request on it
    if (mayAskAgain && outcome.head?.status === 502 && !this.#answers.wasGiven(number)) {
      return this.meet(answer, caller, false);
    }
    this.#check(outcome);
    return outcome;
  }

  /** Each stream goes on. */
  async ping(): Promise<void> {
    for (const stream of this.#streams) await stream.ping();
  }

  /** Each stream ends whole; then all is closed. */
  async stop(): Promise<void> {
    for (const stream of this.#streams) await stream.end();
    await this.gateway.stop();
    await this.#upstream.close();
    this.#checkLog();
  }

  #check(outcome: Outcome): void {
    const seen = JSON.stringify(outcome.bytes.toString('latin1').slice(0, 600));
    assert.ok(outcome.ms < mostMs, `the exchange hangs: ${seen}`);
    const { head } = outcome;
    if (head) assertLegal(head, outcome);
    for (const stream of this.#streams) assert.ok(stream.isOpen, `a stream broke off beside ${seen}`);
    this.#checkLog();
  }

  #checkLog(): void {
    for (const line of this.gateway.lines.splice(0)) {
      for (const secret of planted) assert.ok(!line.includes(secret), line);
    }
  }
}

export async function giveAnswer({ parts, endless, end }: OddAnswer, socket: Socket): Promise<void> {
  for (const part of parts) {
    if (socket.destroyed) return;
    socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
    if (parts.length > 1) await new Promise(setImmediate);
  }
  if (endless !== undefined) return flood(endless, socket);
  if (end === 'close') socket.end();
  else if (end === 'reset') socket.resetAndDestroy();
  else setTimeout(() => socket.destroy(), stayMs).unref();
}

async function flood(unit: string, socket: Socket): Promise<void> {
  const block = Buffer.from(unit.repeat(Math.ceil(65_536 / unit.length)), 'latin1');
  while (!socket.destroyed) {
    if (!socket.writableNeedDrain) socket.write(block);
    await new Promise(setImmediate);
  }
}

/** One request on a connection of its own, until that ends. */
async function exchange(port: number, request: string, method: string): Promise<Outcome> {
  const began = performance.now();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const received: Buffer[] = [];
  socket.on('data', chunk => received.push(chunk)).on('error', () => {});
  socket.write(Buffer.from(request, 'latin1'));
  await Promise.race([
    new Promise(resolve => socket.once('close', resolve)),
    sleep(mostMs, 0, { ref: false }),
  ]);
  socket.destroy();
  return readAnswer(Buffer.concat(received), method, performance.now() - began);
}
