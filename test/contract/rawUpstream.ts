import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

export interface RawRequest {
  /** Request line and headers, without the empty line. */
  readonly head: string;
  readonly body: Buffer;
  readonly socket: Socket;
  /** Its number on its connection, from 0. */
  readonly index: number;
}

export interface RawUpstream {
  readonly url: string;
  readonly port: number;
  readonly requests: RawRequest[];
  readonly connections: Socket[];
  /** Called with received bytes, before a request is complete. */
  onData: ((data: Buffer, socket: Socket) => void) | undefined;
  close(): Promise<void>;
}

/** A server that answers with raw bytes. Requests end with their `Content-Length` or last chunk. */
export async function rawUpstream(answer: (request: RawRequest) => void, listenOn = 0): Promise<RawUpstream> {
  const requests: RawRequest[] = [];
  const connections: Socket[] = [];
  const server = createServer({ noDelay: true }, socket => {
    connections.push(socket);
    let buffer = Buffer.alloc(0);
    let index = 0;
    socket.on('error', () => {});
    socket.on('data', chunk => {
      upstream.onData?.(chunk, socket);
      buffer = Buffer.concat([buffer, chunk]);
      for (let end = messageEnd(buffer); end !== undefined; end = messageEnd(buffer)) {
        const headEnd = buffer.indexOf('\r\n\r\n');
        const request = {
          head: buffer.toString('latin1', 0, headEnd),
          body: buffer.subarray(headEnd + 4, end),
          socket,
          index: index++,
        };
        buffer = buffer.subarray(end);
        requests.push(request);
        answer(request);
      }
    });
  });
  await new Promise<void>(resolve => server.listen(listenOn, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const upstream: RawUpstream = {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections,
    onData: undefined,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of connections) socket.destroy();
      }),
  };
  return upstream;
}

function messageEnd(buffer: Buffer): number | undefined {
  const headEnd = buffer.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = buffer.toString('latin1', 0, headEnd);
  if (/^transfer-encoding: *chunked/im.test(head)) {
    // from the head's last line end on, since a body may begin with its last chunk
    const last = /\r\n0\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(buffer.toString('latin1', headEnd + 2));
    return last ? headEnd + 2 + last.index + last[0].length : undefined;
  }
  const end = headEnd + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  return buffer.length < end ? undefined : end;
}

/** A complete response with a length. */
export function response(
  status: number,
  body = '{}',
  headers: Record<string, string> = {},
  contentType = 'application/json',
): string {
  const all = { 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Some Words\r\n${lines.join('')}\r\n${body}`;
}

/** One chunk of a body. */
export function chunk(data: string): string {
  return `${Buffer.byteLength(data, 'latin1').toString(16)}\r\n${data}\r\n`;
}
