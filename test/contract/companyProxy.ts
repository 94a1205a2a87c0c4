import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A company's HTTP proxy: every CONNECT, to any host, ends at one server of the test. */
export interface CompanyProxy {
  readonly url: string;
  readonly port: number;
  /** `host:port` of each CONNECT. */
  readonly connects: string[];
  /** `Proxy-Authorization` of each CONNECT. */
  readonly credentials: (string | undefined)[];
  /** URL and headers of each CONNECT, and of each request outside a tunnel. */
  readonly heads: string[];
  close(): Promise<void>;
}

export interface CompanyProxyOptions {
  /** Port on 127.0.0.1 where the tunnels end. */
  readonly target: number;
  /** `user:password`; without it, the proxy asks for no authorization. */
  readonly account?: string;
  /** Status for each CONNECT; default 200. */
  readonly status?: number;
}

export async function startCompanyProxy(options: CompanyProxyOptions): Promise<CompanyProxy> {
  const { target, account, status = 200 } = options;
  const connects: string[] = [];
  const credentials: CompanyProxy['credentials'] = [];
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const expected = account && `Basic ${Buffer.from(account).toString('base64')}`;
  const server = createServer((request, response) => {
    heads.push(JSON.stringify([request.url, request.rawHeaders]));
    response.writeHead(405).end();
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const given = request.headers['proxy-authorization'];
    connects.push(request.url ?? '');
    credentials.push(given);
    heads.push(JSON.stringify([request.url, request.rawHeaders]));
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    if (expected && given !== expected) {
      const challenge = 'Proxy-Authenticate: Basic realm="acme"\r\nContent-Length: 0\r\n';
      return void socket.end(`HTTP/1.1 407 Proxy Authentication Required\r\n${challenge}\r\n`);
    }
    const upstream = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    connects,
    credentials,
    heads,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
