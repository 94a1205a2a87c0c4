import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createAdmission } from '../../../../src/gateway/admission/admission.ts';
import { readRequestHead } from '../../../../src/gateway/admission/requestHead.ts';
import { parseTarget } from '../../../../src/gateway/admission/targets.ts';
import { anyChange, anyKey } from '../../limits/refusals/changedKeys.ts';

const key = `hf_headroom_${'k'.repeat(28)}`;
const path = '/v1/models';

describe('admission, key:', () => {
  const admission = createAdmission(key, 1234);
  const isAdmitted = (credential: string) => {
    const head = readRequestHead(['host', '127.0.0.1:1234', 'authorization', `Bearer ${credential}`]);
    const caller = admission.admit('GET', path, parseTarget(path), head);
    return 'kind' in caller && caller.kind === 'key';
  };

  it('refuses a part of the key and a longer one, also right after the key itself', () => {
    const others = fc.oneof(
      fc.nat({ max: key.length - 1 }).map(length => key.slice(0, length)),
      fc.string({ minLength: 1 }).map(more => key + more.replaceAll(/[^\x21-\x7e]/g, '-')),
    );
    fc.assert(
      fc.property(others, other => {
        assert.ok(isAdmitted(key));
        assert.ok(!isAdmitted(other));
      }),
    );
  });
});

describe('admission, keys of gateways:', () => {
  /** The caller's kind, or the code of the refusal. */
  const outcome = (own: string, headers: readonly string[], url = path) => {
    const head = readRequestHead(['host', '127.0.0.1:1234', ...headers]);
    const caller = createAdmission(own, 1234).admit('POST', url, parseTarget(url), head);
    return { what: 'kind' in caller ? caller.kind : caller.code, forwarded: head.forwarded };
  };
  const bearer = (credential: string) => ['authorization', `Bearer ${credential}`];
  const apiKey = (credential: string) => ['x-api-key', credential];
  const messages = '/v1/messages';

  it('a key of another gateway is refused as such, in each header and beside each other credential', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (own, other) => {
        fc.pre(own !== other);
        const refused = 'key_of_another_gateway';
        assert.equal(outcome(own, bearer(own)).what, 'key');
        assert.equal(outcome(own, apiKey(own), messages).what, 'key');
        for (const url of [path, messages]) {
          assert.equal(outcome(own, bearer(other), url).what, refused);
          assert.equal(outcome(own, apiKey(other), url).what, refused);
          for (const credential of [own, 'hf_callersOwn', 'sk-ant-1234567']) {
            assert.equal(outcome(own, [...bearer(credential), ...apiKey(other)], url).what, refused);
            assert.equal(outcome(own, [...bearer(other), ...apiKey(credential)], url).what, refused);
          }
        }
      }),
    );
  });

  it("Anthropic's own key beside the gateway's is ignored", () => {
    assert.equal(outcome(key, [...bearer(key), ...apiKey('sk-ant-1234567')], messages).what, 'key');
  });

  it('no change of a key makes it a token, of this gateway or of another one', () => {
    fc.assert(
      fc.property(anyKey, anyKey, anyChange, fc.boolean(), (own, other, change, isOwn) => {
        const before = isOwn ? own : other;
        const changed = change(before);
        // HTTP allows white space around it
        fc.pre(changed.trim() !== own);
        for (const url of [path, messages]) {
          for (const headers of [bearer(changed), apiKey(changed)]) {
            const { what, forwarded } = outcome(own, headers, url);
            assert.match(what, /^key_(?:invalid|missing|of_another_gateway)$/, changed);
            assert.deepEqual(forwarded, []);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('a part of its own key is no token, whatever is in front of it or between its letters', () => {
    const from = fc.integer({ min: 12, max: 36 });
    const separator = fc.constantFrom('', '.', '-', '_', '~', '=');
    fc.assert(
      fc.property(anyKey, from, fc.integer({ min: 8, max: 32 }), separator, (own, start, length, between) => {
        const part = own.slice(start, start + length);
        fc.pre(part.replace(/[-_]/g, '').length >= 8);
        for (const text of [part, part.toLowerCase(), part.toUpperCase()]) {
          const credential = `hf_${[...text].join(between)}`;
          assert.match(outcome(own, bearer(credential)).what, /^key_invalid$/, credential);
        }
      }),
    );
  });

  it('a longer part of its own key is no token amid other letters', () => {
    fc.assert(
      fc.property(anyKey, fc.integer({ min: 12, max: 28 }), (own, start) => {
        const part = own.slice(start, start + 16);
        fc.pre(part.replace(/[-_]/g, '').length >= 12);
        assert.equal(outcome(own, bearer(`hf_QUJD${part}REVG`)).what, 'key_invalid');
      }),
    );
  });

  it('a key is not forwarded in a header that upstream may read, nor in the URL', () => {
    const headers = ['api-key', key, 'X-Goog-Api-Key', `${key}.`, 'x-note', 'mine', 'User-Agent', 'a/1'];
    const { what, forwarded } = outcome(key, [...bearer('hf_callersOwn'), ...headers]);
    assert.equal(what, 'token');
    assert.deepEqual(forwarded, ['x-note', 'mine', 'User-Agent', 'a/1']);
    for (const url of [`${path}?key=${key}`, `${path}?key=${key.replaceAll('_', '%5F')}`]) {
      assert.equal(outcome(key, bearer(key), url).what, 'key_in_url');
    }
  });
});
