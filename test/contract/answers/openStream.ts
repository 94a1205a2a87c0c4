import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import type { TestGateway } from '../testGateway.ts';

export const streamHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';

/** A stream that a caller reads. */
export interface OpenStream {
  readonly isOpen: boolean;
  ping(): Promise<void>;
  end(): Promise<void>;
}

/** @param sockets of the server, in order of its streams */
export async function openStream(
  gateway: TestGateway,
  sockets: readonly Socket[],
  index: number,
): Promise<OpenStream> {
  const client = connect({ port: gateway.port, host: '127.0.0.1', noDelay: true });
  let received = '';
  let isOpen = true;
  let wake = () => {};
  client.on('error', () => {});
  client.on('close', () => {
    isOpen = false;
    wake();
  });
  client.on('data', data => {
    received += data.toString('latin1');
    wake();
  });
  const until = async (wanted: string) => {
    while (isOpen && !received.includes(wanted)) await new Promise<void>(resolve => (wake = resolve));
    assert.ok(received.includes(wanted), `the stream broke off before ${JSON.stringify(wanted)}`);
    received = '';
  };
  client.write(
    `GET /v1/models?stream HTTP/1.1\r\nhost: 127.0.0.1:${gateway.port}\r\nauthorization: Bearer ${gateway.key}\r\n\r\n`,
  );
  await until('\r\n\r\n');
  const upstream = sockets[index];
  assert.ok(upstream);
  let count = 0;
  return {
    get isOpen() {
      return isOpen;
    },
    async ping() {
      const event = `event ${++count};`;
      upstream.write(`${event.length.toString(16)}\r\n${event}\r\n`);
      await until(`${event}\r\n`);
    },
    async end() {
      upstream.write('4\r\nlast\r\n0\r\n\r\n');
      await until('last\r\n0\r\n\r\n');
      client.destroy();
    },
  };
}
