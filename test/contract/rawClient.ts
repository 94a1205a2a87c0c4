import { connect, type Socket } from 'node:net';

export interface RawClient {
  readonly socket: Socket;
  write(bytes: string | Buffer): void;
  /** All received bytes, once they contain `wanted` or the connection has ended. */
  until(wanted: string | ((received: Buffer) => boolean)): Promise<Buffer>;
  /** All received bytes, once the connection has ended, cleanly or not. */
  ended(): Promise<Buffer>;
  received(): Buffer;
  /** Drops the received bytes. */
  forget(): void;
}

/** A TCP connection for raw requests. */
export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let received = Buffer.alloc(0);
  let closed = false;
  const watchers = new Set<() => void>();
  const notify = () => {
    for (const watcher of watchers) watcher();
  };
  socket.on('error', () => {});
  socket.on('data', chunk => {
    received = Buffer.concat([received, chunk]);
    notify();
  });
  socket.on('close', () => {
    closed = true;
    notify();
  });
  const when = (isDone: () => boolean) =>
    new Promise<Buffer>(resolve => {
      const check = () => {
        if (!closed && !isDone()) return;
        watchers.delete(check);
        resolve(received);
      };
      watchers.add(check);
      check();
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

/** Resolves when the socket has taken no bytes for 300 ms, so all buffers on the way are full. */
export async function stalled(socket: Socket): Promise<void> {
  for (let quiet = 0, last = -1; quiet < 300; quiet++) {
    const taken = socket.bytesWritten - socket.writableLength;
    if (taken !== last) quiet = 0;
    last = taken;
    await new Promise(resolve => setTimeout(resolve, 1));
  }
}

/** Sends bytes on a new connection; resolves with all received bytes once it has ended. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  const client = await rawClient(port);
  client.write(bytes);
  const answer = await client.ended();
  return answer.toString('latin1');
}

/** Head of a request with the gateway's key. */
export function requestHead(
  { port, key }: { readonly port: number; readonly key: string },
  line: string,
  headers: readonly string[] = [],
): string {
  const first = [`${line} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `Authorization: Bearer ${key}`];
  return `${[...first, ...headers].join('\r\n')}\r\n\r\n`;
}

interface RawPost {
  readonly path?: string;
  readonly type?: string;
  readonly body?: string;
  /** `Content-Length`, where it is not that of the body. */
  readonly length?: number;
}

/** A POST with the gateway's key. */
export function rawPost(
  gateway: { readonly port: number; readonly key: string },
  { path = '/v1/chat/completions', type = 'application/json', body = '{}', length }: RawPost = {},
): string {
  return (
    requestHead(gateway, `POST ${path}`, [
      `Content-Type: ${type}`,
      `Content-Length: ${length ?? body.length}`,
    ]) + body
  );
}
