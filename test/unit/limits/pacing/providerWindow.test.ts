import assert from 'node:assert/strict';
import {
  type ProviderWindow,
  shownUntil,
  windowNow,
  windowWords,
} from '../../../../src/limits/pacing/providerWindow.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const tokens: ProviderWindow = {
  provider: 'groq',
  model: 'llama-3.1-8b',
  bucket: 'tokens',
  unit: 'tokens',
  limit: 12_000,
  remaining: 7_563,
  windowSeconds: 60,
  resetsFrom: noon + 6_990,
  resetsAt: noon + 7_000,
  asOf: noon,
  source: 'header',
};

describe('a provider window', () => {
  it('is as reported until its reset', () => {
    assert.deepEqual(windowNow(tokens, noon + 6_999), { ...tokens, used: 4_437, state: 'ok' });
    assert.equal(windowNow({ ...tokens, remaining: 1_200 }, noon).state, 'nearly-full');
    assert.equal(windowNow({ ...tokens, remaining: 0 }, noon).state, 'full');
  });

  it('has only its limit after its reset', () => {
    const over = { used: undefined, remaining: undefined, resetsAt: undefined, resetsFrom: undefined };
    assert.deepEqual(windowNow({ ...tokens, remaining: 0 }, noon + 7_000), { ...tokens, ...over });
    const untold = { ...tokens, remaining: 0, resetsAt: undefined };
    assert.equal(windowNow(untold, noon + 59_999).state, 'full');
    assert.deepEqual(windowNow(untold, noon + 60_000), { ...tokens, ...over });
  });

  it('is shown until its reset or its length has passed, at most an hour', () => {
    assert.equal(shownUntil(tokens) - noon, 60_000);
    assert.equal(shownUntil({ ...tokens, resetsAt: noon + 90_000 }) - noon, 90_000);
    assert.equal(shownUntil({ ...tokens, windowSeconds: 86_400 }) - noon, 3_600_000);
    assert.equal(shownUntil({ ...tokens, windowSeconds: undefined, resetsAt: undefined }) - noon, 300_000);
  });

  it('is named by the length that the provider documents', () => {
    const words = (provider: string, bucket: string) => windowWords({ provider, bucket });
    assert.equal(words('groq', 'tokens'), 'tokens per minute');
    assert.equal(words('groq', 'requests'), 'requests per day');
    assert.equal(words('cerebras', 'requests-day'), 'requests per day');
    assert.equal(words('other', 'tokens'), 'tokens');
    assert.notEqual(
      words('fireworks-ai', 'tokens-prompt'),
      words('fireworks-ai', 'tokens-cache-adjusted-prompt'),
    );
    assert.equal(words('other', 'new-one'), 'new-one');
  });
});
