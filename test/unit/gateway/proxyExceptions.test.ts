import assert from 'node:assert/strict';
import { EnvHttpProxyAgent } from 'undici';
import { proxyExceptions } from '../../../src/gateway/proxyExceptions.ts';

const here = '127.0.0.1,localhost';
const proxy = 'http://proxy.acme:8080';
const both = (value: string) => ({ NO_PROXY: value, no_proxy: value });

describe('proxyExceptions:', () => {
  it('is empty without a proxy', () => {
    for (const environment of [{}, { PATH: '/bin' }, { HTTP_PROXY: '', NO_PROXY: 'a' }, { NO_PROXY: 'a' }]) {
      assert.deepEqual(proxyExceptions(environment), {});
    }
  });

  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy']) {
    it(`has the loopback hosts in both spellings when ${name} is set`, () => {
      assert.deepEqual(proxyExceptions({ [name]: proxy }), both(here));
    });
  }

  it('keeps the exceptions that are set, also those of the other spelling', () => {
    const http_proxy = proxy;
    for (const [there, wanted] of [
      [{ NO_PROXY: 'a.example, .b' }, both(`a.example, .b,${here}`)],
      [{ no_proxy: '10.0.0.0/8' }, both(`10.0.0.0/8,${here}`)],
      [
        { NO_PROXY: 'a', no_proxy: 'b' },
        { NO_PROXY: `a,${here}`, no_proxy: `b,${here}` },
      ],
      [{ NO_PROXY: 'localhost' }, both('localhost,127.0.0.1')],
      [{ NO_PROXY: '127.0.0.1:80' }, both(`127.0.0.1:80,${here}`)],
      [{ NO_PROXY: 'notlocalhost' }, both(`notlocalhost,${here}`)],
      [{ NO_PROXY: ' ' }, both(here)],
    ] as const) {
      assert.deepEqual(proxyExceptions({ http_proxy, ...there }), wanted);
    }
  });

  it('leaves a list that has the loopback hosts or `*`, and copies it to the other spelling', () => {
    for (const enough of ['localhost 127.0.0.1', `a,${here},b`, '*']) {
      assert.deepEqual(proxyExceptions({ http_proxy: proxy, ...both(enough) }), {});
      assert.deepEqual(proxyExceptions({ http_proxy: proxy, NO_PROXY: enough }), { no_proxy: enough });
    }
  });

  it('makes undici bypass the proxy', async () => {
    for (const there of [{}, { no_proxy: 'a.example' }]) {
      const noProxy = proxyExceptions({ http_proxy: 'http://127.0.0.1:1', ...there }).NO_PROXY;
      const agent = new EnvHttpProxyAgent({ httpProxy: 'http://127.0.0.1:1', httpsProxy: '', noProxy });
      await assert.rejects(agent.request({ origin: 'http://127.0.0.1:2', path: '/', method: 'GET' }), /:2/);
      await agent.close();
    }
  });
});
