import { ManualClock } from './manualClock.ts';
import { type RawClient, rawClient } from './rawClient.ts';
import { type RawRequest, type RawUpstream, rawUpstream, response } from './rawUpstream.ts';
import { gatewayTo, key, type TestGateway } from './testGateway.ts';

export const json = 'Content-Type: application/json';
export const sound = 'Content-Type: audio/wav';

/** One chunk of a body. */
export function chunk(data: string): string {
  return `${Buffer.byteLength(data, 'latin1').toString(16)}\r\n${data}\r\n`;
}

/** The head of a request with chunks. */
export function headOf(
  gateway: { readonly port: number; readonly key?: string },
  headers: readonly string[],
  line = 'POST /v1/chat/completions',
): string {
  return [
    `${line} HTTP/1.1`,
    `Host: 127.0.0.1:${gateway.port}`,
    `Authorization: Bearer ${gateway.key ?? key}`,
    'Transfer-Encoding: chunked',
    ...headers,
    '',
    '',
  ].join('\r\n');
}

export interface UploadRig {
  gateway: TestGateway;
  clock: ManualClock;
  upstream: RawUpstream;
  answer: (request: RawRequest) => void;
  client(port?: number): Promise<RawClient>;
  /** A client that has sent the head of a request with chunks. */
  begin(headers: readonly string[], line?: string): Promise<RawClient>;
  /** Lines of the head that upstream got, of the last request. */
  headers(at?: number): string[];
  /** As it was written, in chunks. */
  body(at?: number): string | undefined;
  /** When upstream got this. */
  arrived(wanted: string): Promise<void>;
}

/** A gateway, and a server that shows each byte of what it gets, for each test of a suite. */
export function uploadRig(): UploadRig {
  const clients: RawClient[] = [];
  const rig = {
    async client(port = rig.gateway.port) {
      const client = await rawClient(port);
      clients.push(client);
      return client;
    },
    async begin(headers, line) {
      const client = await rig.client();
      client.write(headOf(rig.gateway, headers, line));
      return client;
    },
    headers: (at = -1) => rig.upstream.requests.at(at)?.head.split('\r\n') ?? [],
    body: (at = -1) => rig.upstream.requests.at(at)?.body.toString('latin1'),
    arrived: wanted =>
      new Promise<void>(resolve => {
        let all = '';
        rig.upstream.onData = data => {
          all += data.toString('latin1');
          if (all.includes(wanted)) resolve();
        };
      }),
  } as UploadRig;
  beforeEach(async () => {
    rig.answer = ({ socket }) => socket.write(response(200));
    rig.upstream = await rawUpstream(request => rig.answer(request));
    rig.clock = new ManualClock();
    rig.gateway = await gatewayTo(rig.upstream.url, { clock: rig.clock });
  });
  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.destroy();
    await rig.gateway.stop();
    await rig.upstream.close();
  });
  return rig;
}
