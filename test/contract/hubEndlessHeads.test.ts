import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { createDispatcher } from '../../src/hub/dispatcher.ts';
import { mostBytesBeforeAnswer } from '../../src/limits/bounds.ts';
import { giveAnswer } from './answers/answerRig.ts';
import { withoutEnd } from './answers/oddCase.ts';
import { startCompanyProxy } from './companyProxy.ts';
import { selfSigned } from './selfSigned.ts';

const flood = withoutEnd('', '\r\n');
/** In the sockets' buffers on the way. */
const underWay = 16 * 1024 * 1024;

describe('answers that begin with empty lines without end are given up:', () => {
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) server.close();
  });

  async function flooded(create: (answer: (socket: Socket) => void) => Server) {
    let socket: Socket | undefined;
    const server = create(accepted => {
      accepted.on('error', () => {}).once('data', () => void giveAnswer(flood, accepted));
      socket = accepted;
    });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    return {
      port,
      sent: async () => {
        while (socket && !socket.closed) await new Promise(setImmediate);
        return socket?.bytesWritten ?? 0;
      },
    };
  }
  const plain = () => flooded(createServer);
  const secure = () => flooded(answer => createTlsServer(selfSigned, answer));

  async function assertGivenUp(
    dispatcher: ReturnType<typeof createDispatcher>,
    origin: string,
    sent: () => Promise<number>,
  ): Promise<void> {
    const call = dispatcher.request({ origin, path: '/', method: 'GET', headersTimeout: 0 });
    await assert.rejects(call, { code: 'UND_ERR_HEADERS_OVERFLOW' });
    const bytes = await sent();
    assert.ok(bytes >= mostBytesBeforeAnswer && bytes < mostBytesBeforeAnswer + underWay, `${bytes}`);
    await dispatcher.close();
  }

  it('in plain text', async () => {
    const { port, sent } = await plain();
    await assertGivenUp(createDispatcher({}), `http://127.0.0.1:${port}`, sent);
  });

  it('over TLS', async () => {
    const { port, sent } = await secure();
    await assertGivenUp(createDispatcher({ strictSSL: false }), `https://127.0.0.1:${port}`, sent);
  });

  it('of a proxy in plain text', async () => {
    const { port, sent } = await plain();
    const proxy = { httpProxy: `http://127.0.0.1:${port}` };
    await assertGivenUp(createDispatcher({ proxy }), 'http://hub.test', sent);
  });

  it('through the tunnel of a proxy', async () => {
    const { port, sent } = await secure();
    const company = await startCompanyProxy({ target: port });
    const proxy = { httpProxy: company.url, httpsProxy: company.url };
    await assertGivenUp(createDispatcher({ proxy, strictSSL: false }), 'https://hub.test', sent);
    await company.close();
  });
});
