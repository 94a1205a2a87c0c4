import assert from 'node:assert/strict';
import fc from 'fast-check';
import { holdsGatewayKey, isGatewayKey, percentDecoded } from '../../../../src/limits/refusals/gatewayKey.ts';
import { anyKey } from './changedKeys.ts';

const key = 'hf_headroom_QUJDREVGR0hJSktMTU5PUFFSU1RV';

describe("a gateway's key is told from a token of Hugging Face:", () => {
  for (const [how, text] of [
    ['as it was made', key],
    ['in capitals', key.toUpperCase()],
    ['with a capital in its prefix', key.replace('h', 'H')],
    ['percent-encoded', key.replaceAll('_', '%5F')],
    ['percent-encoded twice', key.replaceAll('_', '%255f')],
    ['in quotes', `"${key}"`],
    ['with a dot at its end', `${key}.`],
    ['behind the prefix of an OAuth token', `hf_oauth_${key}`],
    ['with a letter missing in its prefix', key.replace('a', '')],
    ['with two letters swapped in its prefix', key.replace('ea', 'ae')],
    ['in wide letters', key.replace('headroom', '\uff48\uff45\uff41\uff44\uff52\uff4f\uff4f\uff4d')],
    ['with accents', key.replace('ea', '\u00e9\u00e4')],
    ['with an invisible character', key.replace('head', 'he\u200bad')],
    ['with other separators', key.replaceAll('_', '-')],
  ] as const) {
    it(how, () => assert.ok(isGatewayKey(text)));
  }

  it('tokens of Hugging Face are none', () => {
    const letters = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');
    const token = fc.array(letters, { minLength: 34, maxLength: 34 }).map(random => `hf_${random.join('')}`);
    fc.assert(fc.property(token, text => assert.ok(!isGatewayKey(text))));
    for (const text of [
      '',
      'hf_',
      '%',
      '%zz%41',
      'hf_header_room',
      'hf_oauth_eyJhbGciOi.J9-_~+/.c2ln==',
      'api_org_abcdefghijklmnop',
    ]) {
      assert.ok(!isGatewayKey(text), text);
    }
  });

  it('inside another text only as a whole, so that names of programs stay', () => {
    fc.assert(
      fc.property(anyKey, fc.string(), fc.string(), (any, before, after) => {
        assert.ok(holdsGatewayKey(`${before} ${any} ${after}`));
        const encoded = `/v1/models?key=${any.replaceAll('_', '%25255f')}&100%`;
        assert.ok(holdsGatewayKey(percentDecoded(encoded)));
      }),
    );
    for (const text of ['hf_headroom_tool/1.0', 'headroom', '/hub/api/models/ada/hf_headroom_x', '100%']) {
      assert.ok(!holdsGatewayKey(text), text);
    }
  });
});
