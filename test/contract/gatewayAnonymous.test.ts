import assert from 'node:assert/strict';
import { GatewayRig, ok, window } from './gatewayRig.ts';
import { response } from './rawUpstream.ts';
import { key } from './testGateway.ts';

describe('Who asks the Hub without a credential', () => {
  let rig: GatewayRig;
  beforeEach(async () => {
    rig = await GatewayRig.start();
  });
  afterEach(() => rig.stop());

  const ask = (path: string, init: RequestInit = {}) => fetch(`${rig.gateway.url}${path}`, init);
  const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const lastHead = () => rig.upstream.requests.at(-1)?.head ?? '';

  for (const profile of [
    { kind: 'personal' },
    { kind: 'organization', name: 'acme' },
    { kind: 'provider-key', provider: 'groq' },
  ] as const) {
    it(`gets nobody's token and nobody's money when ${profile.kind} pays`, async () => {
      rig.configure({ profile, keys: { groq: 'gsk_secret' } });
      for (const method of ['GET', 'HEAD']) {
        const answer = await ask('/hub/acme/model/resolve/main/config.json?x=1', {
          method,
          headers: { 'x-hf-bill-to': 'acme', cookie: 'token=1' },
        });
        assert.equal(answer.status, 200);
        assert.match(lastHead(), new RegExp(`^${method} /acme/model/resolve/main/config.json\\?x=1 `));
        assert.doesNotMatch(lastHead(), /authorization|hf_|gsk_|x-hf-bill-to|cookie|session/i);
        if (method === 'GET') assert.equal(await answer.text(), ok);
      }
    });
  }

  it('stands in front of windows of its own, not of the developer’s', async () => {
    rig.answer = ({ head }) => response(200, '{}', window(/^authorization/im.test(head) ? 900 : 0, 5));
    assert.equal((await ask('/hub/api/models')).status, 200);
    assert.equal((await ask('/hub/api/models', withToken(key))).status, 200);
    assert.equal((await ask('/hub/api/models', withToken('hf_callersOwn'))).status, 200);
    const asked = ask('/hub/api/models');
    await rig.waiting(1);
    assert.equal((await ask('/hub/api/models', withToken(key))).status, 200);
    rig.gateway.cancel();
    assert.equal((await asked).status, 429);
  });

  it('is written down as nobody, and a refusal in the words of the Hub is handed on', async () => {
    const words = 'We had to rate limit your IP (127.0.0.1). Make sure you pass a HF_TOKEN.';
    rig.answer = () => response(429, JSON.stringify({ error: words }), { 'retry-after': '3000' });
    const answer = await ask('/hub/api/models');
    assert.equal(answer.status, 429);
    assert.deepEqual(await answer.json(), { error: words });
    rig.clock.fire(100);
    assert.deepEqual(
      [rig.gateway.tallies, rig.gateway.refusals].map(([entry]) => entry?.billedTo),
      ['anonymous', 'anonymous'],
    );
  });
});
