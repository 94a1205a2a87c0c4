import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Relay } from '../../src/gateway/relay/relay.ts';
import { readResponseHead } from '../../src/gateway/relay/responseHead.ts';

describe('gateway relay:', () => {
  it('a client that leaves before a short response is written causes no exception', async () => {
    const head = readResponseHead(200, 'OK', ['content-length', '2'], { toHead: false, minor: 1 });
    assert.ok(head);
    const flow = { pause: () => {}, resume: () => {} };
    let steps = 0;
    const server = createServer((_request, response) => {
      const relay = new Relay(response, head, head.headers, flow, 'nothing', run => {
        run();
        steps += 1;
      });
      relay.data(Buffer.from('ok'));
      relay.end(null);
      response.socket?.destroy();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const client = connect(address.port, '127.0.0.1');
    client.on('error', () => {});
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(client, 'close');
    while (steps === 0) await turn();
    server.close();
  });
});
