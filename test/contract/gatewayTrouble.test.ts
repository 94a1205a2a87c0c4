import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { gatewayChildren } from './gatewayChild.ts';
import { gatewaySetup } from './gatewaySetup.ts';
import { llama } from './payers.ts';
import { rawUpstream, response } from './rawUpstream.ts';
import { chat, errorOf } from './testGateway.ts';

describe('gateway, outages:', function () {
  this.timeout(30_000);

  it("HF's 400 for a disabled provider is passed on", async () => {
    const setup = await gatewaySetup();
    await setup.patch({ users: { ada: { disabledProviders: ['groq'] } } });
    const body = { model: `${llama}:groq`, messages: [{ role: 'user', content: 'hello' }] };
    const outcome = async (server: { url: string; key: string }) => {
      const answer = await chat(server, body);
      return { status: answer.status, text: await answer.text() };
    };
    const { routerUrl, token } = setup.emulator;
    const direct = await outcome({ url: routerUrl, key: token ?? '' });
    assert.deepEqual(await outcome(setup), direct);
    assert.equal(direct.status, 400);
    const { error } = JSON.parse(direct.text) as { error: { message: string; code: string } };
    assert.match(error.message, /is not supported by any provider you have enabled\.$/);
    assert.equal(setup.received().length, 2, 'the gateway sends no second request');
    await setup.close();
  });

  describe('own process:', () => {
    const children = gatewayChildren();
    after(() => children.clean());

    it('upstream down gets a 502; requests succeed once it is up', async () => {
      const upstream = await rawUpstream(({ socket }) => socket.write(response(200, '"up"')));
      const { port, url } = upstream;
      await upstream.close();
      const gateway = await children.start({ HEADROOM_HUB_URL: url, HEADROOM_ROUTER_URL: url });
      const answer = await chat(gateway);
      assert.equal(answer.status, 502);
      const { code, message } = await errorOf(answer);
      assert.equal(code, 'upstream_unreachable');
      assert.match(
        message,
        new RegExp(`^${url} can't be reached \\(ECONNREFUSED\\)\\. Check .* try again\\.$`),
      );
      const back = createServer(socket => {
        socket.on('error', () => {}).once('data', () => socket.end(response(200, '"up"')));
      });
      await new Promise<void>(resolve => back.listen(port, '127.0.0.1', resolve));
      assert.equal(await (await chat(gateway)).text(), '"up"');
      assert.equal(await gateway.end(), 0);
      back.close();
    });
  });
});
