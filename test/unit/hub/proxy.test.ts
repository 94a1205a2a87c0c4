import assert from 'node:assert/strict';
import { chosenProxy, proxyFromEnvironment } from '../../../src/hub/proxy.ts';

const env = { HTTP_PROXY: 'http://env:1', https_proxy: 'http://env:2', NO_PROXY: 'a.example' };

describe('the proxy', () => {
  it('is the environment’s when nothing is set', () => {
    const told = { httpProxy: 'http://env:1', httpsProxy: 'http://env:2', noProxy: 'a.example' };
    assert.deepEqual(proxyFromEnvironment(env), told);
    assert.deepEqual(chosenProxy({ proxy: '', noProxy: [], support: 'override' }, env), told);
  });

  it('is the settings’ for both protocols, with the environment’s exceptions unless there are others', () => {
    const proxy = 'http://set:3';
    const chosen = { httpProxy: proxy, httpsProxy: proxy };
    assert.deepEqual(chosenProxy({ proxy }, env), { ...chosen, noProxy: 'a.example' });
    assert.deepEqual(chosenProxy({ proxy, noProxy: ['b', 'c'] }, env), { ...chosen, noProxy: 'b,c' });
  });

  it('is shown what the settings say, whichever it is', () => {
    const proxy = 'http://set:3';
    const authorization = 'Basic YWRhOnMzY3IzdA==';
    const chosen = { httpProxy: proxy, httpsProxy: proxy, noProxy: 'a.example' };
    assert.deepEqual(chosenProxy({ proxy, authorization }, env), { ...chosen, authorization });
    assert.equal(chosenProxy({ authorization }, env).authorization, authorization);
    assert.ok(!('authorization' in chosenProxy({ proxy, authorization: '' }, env)));
    assert.deepEqual(chosenProxy({ proxy, authorization, support: 'off' }, env), {});
  });

  it('is none when its support is off, whatever the settings and the environment say', () => {
    assert.deepEqual(chosenProxy({ proxy: 'http://set:3', noProxy: ['b'], support: 'off' }, env), {});
  });
});
