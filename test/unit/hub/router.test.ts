import assert from 'node:assert/strict';
import { parseRouterModels } from '../../../src/hub/router.ts';
import { malformedAmounts, throwsHubError } from './hubErrors.ts';

const model = {
  id: 'acme/Model-7B',
  object: 'model',
  providers: [
    { provider: 'novita', status: 'live', context_length: 131072, pricing: { input: 0.2, output: 0.6 } },
    { provider: 'publicai', status: 'live', pricing: { input: 0, output: 0 }, is_free: true },
    { provider: 'featherless-ai', status: 'error' },
  ],
};

describe("the router's models", () => {
  it('have the offers of each provider, without missing fields', () => {
    assert.deepEqual(parseRouterModels({ object: 'list', data: [model] }), {
      items: [
        {
          id: 'acme/Model-7B',
          offers: [
            {
              provider: 'novita',
              status: 'live',
              pricing: { input: 0.2, output: 0.6 },
              isFree: false,
            },
            { provider: 'publicai', status: 'live', pricing: { input: 0, output: 0 }, isFree: true },
            { provider: 'featherless-ai', status: 'error', isFree: false },
          ],
        },
      ],
      problems: [],
    });
  });

  it('leave out an offer with a malformed price, with a problem', () => {
    for (const input of malformedAmounts) {
      const broken = { provider: 'groq', status: 'live', pricing: { input, output: 1 } };
      const providers = [broken, ...model.providers];
      const { items, problems } = parseRouterModels({ data: [{ ...model, providers }] });
      assert.equal(items[0]?.offers.length, 3);
      assert.deepEqual(
        problems.map(({ message }) => message),
        ['response format changed: data.0.providers.0.pricing.input'],
      );
    }
  });

  it('are listed without an unreadable one', () => {
    const { items, problems } = parseRouterModels({ data: [{ id: 7 }, model, 'x'] });
    assert.equal(items.length, 1);
    assert.equal(problems.length, 2);
  });

  it('must be a list', () => {
    throwsHubError(() => parseRouterModels({ data: {} }), 'format-changed', 'data');
  });
});
