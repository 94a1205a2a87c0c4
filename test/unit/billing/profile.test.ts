import assert from 'node:assert/strict';
import fc from 'fast-check';
import { billToOf, formatProfile, parseProfile } from '../../../src/billing/profile.ts';

const word = fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,20}$/);

describe('billing profile:', () => {
  it('parseProfile reads personal, org:, group: and key:', () => {
    assert.deepEqual(parseProfile('personal'), { kind: 'personal' });
    assert.deepEqual(parseProfile('org:acme'), { kind: 'organization', name: 'acme' });
    assert.deepEqual(parseProfile('group:acme/6502'), {
      kind: 'resource-group',
      organization: 'acme',
      id: '6502',
    });
    assert.deepEqual(parseProfile('key:fal-ai'), { kind: 'provider-key', provider: 'fal-ai' });
  });

  it('parseProfile refuses text that could change a header or a URL', () => {
    for (const text of [
      '',
      'org:',
      'org:a b',
      'org:a\r\nx: y',
      'group:acme',
      'group:a/b/c',
      'key:../x',
      'me',
    ])
      assert.equal(parseProfile(text), undefined, text);
  });

  it('parseProfile reads what formatProfile writes (property)', () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        for (const text of [`org:${one}`, `group:${one}/${other}`, `key:${one}`]) {
          const profile = parseProfile(text);
          assert.ok(profile);
          assert.equal(formatProfile(profile), text);
        }
      }),
    );
  });

  it("billToOf is an organization's name, a resource group's id, else undefined", () => {
    const billTo = (text: string) => billToOf(parseProfile(text) ?? assert.fail(text));
    assert.equal(billTo('org:acme'), 'acme');
    assert.equal(billTo('group:acme/6502'), '6502');
    assert.equal(billTo('personal'), undefined);
    assert.equal(billTo('key:groq'), undefined);
  });
});
