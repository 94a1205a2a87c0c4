import assert from 'node:assert/strict';
import { chosenProxy, proxyFromEnvironment } from '../../../src/hub/proxy.ts';

const env = { HTTP_PROXY: 'http://env:1', https_proxy: 'http://env:2', NO_PROXY: 'a.example' };

describe('proxy', () => {
  it('is the environment’s when nothing is set', () => {
    const expected = { httpProxy: 'http://env:1', httpsProxy: 'http://env:2', noProxy: 'a.example' };
    assert.deepEqual(proxyFromEnvironment(env), expected);
    assert.deepEqual(chosenProxy({ proxy: '', noProxy: [], support: 'override' }, env), expected);
  });

  it('is the settings’ for both protocols, with the environment’s noProxy unless the settings have one', () => {
    const proxy = 'http://set:3';
    const chosen = { httpProxy: proxy, httpsProxy: proxy };
    assert.deepEqual(chosenProxy({ proxy }, env), { ...chosen, noProxy: 'a.example' });
    assert.deepEqual(chosenProxy({ proxy, noProxy: ['b', 'c'] }, env), { ...chosen, noProxy: 'b,c' });
  });

  it('gets the settings’ authorization, also for the environment’s proxy', () => {
    const proxy = 'http://set:3';
    const authorization = 'Basic YWRhOnMzY3IzdA==';
    const chosen = { httpProxy: proxy, httpsProxy: proxy, noProxy: 'a.example' };
    assert.deepEqual(chosenProxy({ proxy, authorization }, env), { ...chosen, authorization });
    assert.equal(chosenProxy({ authorization }, env).authorization, authorization);
    assert.ok(!('authorization' in chosenProxy({ proxy, authorization: '' }, env)));
    assert.deepEqual(chosenProxy({ proxy, authorization, support: 'off' }, env), {});
  });

  it('is none when http.proxySupport is off', () => {
    assert.deepEqual(chosenProxy({ proxy: 'http://set:3', noProxy: ['b'], support: 'off' }, env), {});
  });
});
