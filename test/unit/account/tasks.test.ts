import assert from 'node:assert/strict';
import { fingerprint } from '../../../src/account/fingerprint.ts';
import { taskKey, tasksFor } from '../../../src/account/tasks.ts';
import { account, organization } from '../view/builders.ts';

describe('tasks of an account', () => {
  it('are those without a namespace before whoami has answered', () => {
    assert.deepEqual(tasksFor(undefined).map(taskKey), ['live', 'usage', 'jobs', 'zero-gpu']);
  });

  it('read endpoints and hardware of every namespace that the token can reach', () => {
    const organizations = [
      organization('acme', { role: 'admin' }),
      organization('guild', { role: 'read' }),
      organization('locked', { role: 'admin', securityRestrictions: ['sso'] }),
    ];
    const names = tasksFor(account({ organizations })).map(taskKey);
    for (const namespace of ['ada', 'acme', 'guild']) {
      assert.ok(names.includes(`endpoints/${namespace}`), namespace);
      assert.ok(names.includes(`hardware/${namespace}`), namespace);
    }
    assert.ok(!names.some(name => name.includes('locked')));
  });

  it('read the bill of an organization only for its admins, and when it can be billed', () => {
    const organizations = [
      organization('acme', { role: 'admin' }),
      organization('writers', { role: 'write' }),
      organization('freebies', { role: 'admin', plan: 'free' }),
    ];
    const bills = tasksFor(account({ organizations })).filter(({ kind }) => kind === 'organization-usage');
    assert.deepEqual(bills, [{ kind: 'organization-usage', of: 'acme' }]);
  });
});

describe('fingerprint of a token', () => {
  const servers = {
    hubUrl: 'https://huggingface.co',
    routerUrl: 'https://router',
    endpointsUrl: 'https://api',
  };

  it('has 128 bits and no part of the token', () => {
    const print = fingerprint('hf_secret', servers);
    assert.match(print, /^[0-9a-f]{32}$/);
    assert.equal(print, fingerprint('hf_secret', { ...servers, routerUrl: 'https://another' }));
  });

  it('differs for another token, and for the same token at another server', () => {
    const prints = [
      fingerprint('hf_secret', servers),
      fingerprint('hf_secreT', servers),
      fingerprint('hf_secret', { ...servers, hubUrl: 'http://127.0.0.1:1' }),
      fingerprint('hf_secret', { ...servers, endpointsUrl: 'http://127.0.0.1:1' }),
    ];
    assert.equal(new Set(prints).size, prints.length);
  });
});
