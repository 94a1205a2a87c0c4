import { connect, type Socket } from 'node:net';
import { key } from './testGateway.ts';

export interface RawClient {
  readonly socket: Socket;
  write(bytes: string | Buffer): void;
  /** Everything received once it holds what is wanted, or once the connection has ended. */
  until(wanted: string | ((received: Buffer) => boolean)): Promise<Buffer>;
  /** Everything, when the connection has ended, whether in order or not. */
  ended(): Promise<Buffer>;
  received(): Buffer;
  /** What has been received is dropped, as a long test has much of it. */
  forget(): void;
}

/** A connection on which a test writes its own bytes. */
export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let received = Buffer.alloc(0);
  let closed = false;
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const watcher of watchers) watcher();
  };
  socket.on('error', () => {});
  socket.on('data', chunk => {
    received = Buffer.concat([received, chunk]);
    tell();
  });
  socket.on('close', () => {
    closed = true;
    tell();
  });
  const when = (holds: () => boolean) =>
    new Promise<Buffer>(resolve => {
      const look = () => {
        if (!closed && !holds()) return;
        watchers.delete(look);
        resolve(received);
      };
      watchers.add(look);
      look();
    });
  return {
    socket,
    write: bytes => socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    until: wanted => when(() => (typeof wanted === 'string' ? received.includes(wanted) : wanted(received))),
    ended: () => when(() => false),
    received: () => received,
    forget: () => {
      received = Buffer.alloc(0);
    },
  };
}

/** One request on a connection of its own, and all that came back. */
export async function exchange(port: number, bytes: string | Buffer): Promise<string> {
  const client = await rawClient(port);
  client.write(bytes);
  const answer = await client.ended();
  return answer.toString('latin1');
}

/** What a caller with the key writes before its body. */
export function requestHead(port: number, line: string, headers: readonly string[] = []): string {
  const first = [`${line} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `Authorization: Bearer ${key}`];
  return `${[...first, ...headers].join('\r\n')}\r\n\r\n`;
}
