import assert from 'node:assert/strict';
import fc from 'fast-check';
import { learnedWindows } from '../../../../src/gateway/pacing/learnedWindows.ts';
import {
  accountName,
  type LimitName,
  limitName,
  sharedScope,
} from '../../../../src/gateway/pacing/limitKey.ts';
import type { RateWindow } from '../../../../src/limits/headers/rateLimit.ts';
import type { LearnedLimit } from '../../../../src/limits/pacing/learnedLimits.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const ada = accountName('Bearer hf_ada');
const api: RateWindow = {
  bucket: 'api',
  limit: 2_500,
  remaining: 2_400,
  windowSeconds: 300,
  resetsFrom: noon + 59_000,
  resetsAt: noon + 60_000,
  asOf: noon,
  source: 'header',
};
const tokens: RateWindow = { ...api, bucket: 'tokens', unit: 'tokens', windowSeconds: 60 };

function learned(
  account: string,
  name: LimitName,
  windows: readonly RateWindow[],
  change: Partial<LearnedLimit> = {},
): LearnedLimit {
  const limit = limitName(account, name);
  return { limit, gateway: 'one', at: noon, usedAt: noon, windows, closed: [], ...change };
}

const ofHub = (account: string, windows: readonly RateWindow[], change: Partial<LearnedLimit> = {}) =>
  learned(account, { by: 'huggingface', scope: 'api' }, windows, change);

describe('learned windows:', () => {
  it('have Hugging Face’s windows of the requested account', () => {
    const others = ofHub(accountName('Bearer hf_eve'), [{ ...api, remaining: 1, asOf: noon + 1 }]);
    const { hub } = learnedWindows([ofHub(ada, [api]), others], 'hf_ada');
    assert.deepEqual(hub, [{ ...api, used: 100 }]);
    assert.deepEqual(learnedWindows([ofHub(ada, [api])], undefined).hub, []);
  });

  it('are the latest reports of all gateways; of equally old ones the one written later', () => {
    const earlier = ofHub(ada, [{ ...api, remaining: 9 }], { gateway: 'one', at: noon + 1 });
    const later = ofHub(ada, [{ ...api, remaining: 7 }], { gateway: 'two', at: noon + 2 });
    const old = ofHub(ada, [{ ...api, remaining: 5, asOf: noon - 1 }], { gateway: 'three', at: noon + 3 });
    const remaining = learnedWindows([later, old, earlier], 'hf_ada').hub.map(window => window.remaining);
    assert.deepEqual(remaining, [7]);
  });

  it('name the router’s windows apart from the Hub’s', () => {
    const router = learned(ada, { by: 'huggingface', scope: 'router', model: 'acme/M', payer: 'personal' }, [
      api,
    ]);
    const { hub } = learnedWindows([router, ofHub(ada, [api])], 'hf_ada');
    assert.deepEqual(hub.map(({ bucket }) => bucket).sort(), ['api', 'router api']);
  });

  it('show a partner’s window behind the router under the partner’s name, with the model', () => {
    const limit = { by: 'huggingface', scope: 'router', model: 'acme/M', payer: 'personal' };
    const { hub, providers } = learnedWindows(
      [learned(ada, limit, [{ ...api, provider: 'groq' }])],
      'hf_ada',
    );
    assert.deepEqual(hub, []);
    assert.deepEqual(
      providers.map(({ provider, model, bucket, isShownOnly }) => [provider, model, bucket, isShownOnly]),
      [['groq', 'acme/M', 'api', true]],
    );
  });

  it('have each model of a provider key, and Hugging Face’s shared account', () => {
    const key = accountName('Bearer gsk');
    const { providers } = learnedWindows(
      [
        learned(ada, { by: 'groq', scope: sharedScope }, [{ ...tokens, isShownOnly: true }]),
        learned(key, { by: 'groq', scope: 'llama' }, [
          tokens,
          { ...tokens, bucket: 'requests', unit: 'requests' },
        ]),
      ],
      undefined,
    );
    assert.deepEqual(
      providers.map(({ provider, model, bucket, isShownOnly }) => [provider, model, bucket, isShownOnly]),
      [
        ['groq', 'llama', 'requests', undefined],
        ['groq', 'llama', 'tokens', undefined],
        ['groq', undefined, 'tokens', true],
      ],
    );
  });

  it('have the last used key of a provider', () => {
    const of = (key: string, limit: number, asOf: number) =>
      learned(accountName(key), { by: 'groq', scope: 'llama' }, [{ ...tokens, limit, asOf }]);
    const { providers } = learnedWindows([of('old', 1, noon - 5), of('new', 2, noon), of('older', 3, 7)], '');
    assert.deepEqual(
      providers.map(({ limit }) => limit),
      [2],
    );
  });

  it('leave out limits that another version wrote', () => {
    for (const limit of ['', 'null', '{}', 'ada/api', '["a"]', limitName(ada, { by: '', scope: 'm' })]) {
      assert.deepEqual(learnedWindows([{ ...ofHub(ada, [api]), limit }], 'hf_ada').providers, []);
    }
  });

  it('do not depend on the order of the rows', () => {
    const all = [
      ofHub(ada, [api]),
      ofHub(ada, [{ ...api, remaining: 3, asOf: noon + 9 }], { gateway: 'two', at: noon + 1 }),
      learned(ada, { by: 'groq', scope: sharedScope }, [{ ...tokens, isShownOnly: true }]),
      learned('k', { by: 'groq', scope: 'b' }, [tokens]),
      learned('k', { by: 'groq', scope: 'a' }, [tokens]),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), shuffled => {
        assert.deepEqual(learnedWindows(shuffled, 'hf_ada'), learnedWindows(all, 'hf_ada'));
      }),
    );
  });
});
