import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BillingProfile } from '../../../../src/billing/profile.ts';
import { InvalidProviderKey, parseProviderKey } from '../../../../src/billing/providerKey.ts';
import type { RouterModel } from '../../../../src/hub/router.ts';
import { askGateway } from '../../../../src/ui/billing/askGateway.ts';
import { invalidKeyText, keyCheckText } from '../../../../src/view/billing/keyCheckText.ts';
import {
  cheapestOffer,
  noOfferText,
  type Offer,
  verifyingRequest,
  verifyOutcome,
} from '../../../../src/view/billing/verifyBillingModel.ts';
import { aSnapshot, viewInput } from '../builders.ts';

const me: BillingProfile = { kind: 'personal' };
const acme: BillingProfile = { kind: 'organization', name: 'acme' };
const keyOf = (provider: string): BillingProfile => ({ kind: 'provider-key', provider });
const groq = keyOf('groq');

const models: RouterModel[] = [
  {
    id: 'acme/Big',
    offers: [
      { provider: 'novita', status: 'live', pricing: { input: 1, output: 3 }, isFree: false },
      { provider: 'groq', status: 'live', pricing: { input: 0.5, output: 0.8 }, isFree: false },
    ],
  },
  {
    id: 'acme/Small',
    offers: [
      { provider: 'novita', status: 'error', pricing: { input: 0.001, output: 0.001 }, isFree: false },
      { provider: 'novita', status: 'live', pricing: { input: 0.02, output: 0.05 }, isFree: false },
      { provider: 'featherless-ai', status: 'live', isFree: false },
      { provider: 'publicai', status: 'live', pricing: { input: 0, output: 0 }, isFree: true },
    ],
  },
];

describe('the request that verifies billing', () => {
  it('goes to the cheapest live offer with a price', () => {
    const offer = cheapestOffer(models, acme);
    assert.deepEqual([offer?.model, offer?.provider], ['acme/Small', 'novita']);
    assert.ok(offer);
    const request = verifyingRequest(offer) as { model: string; max_tokens: number };
    assert.equal(request.model, 'acme/Small:novita');
    assert.ok(request.max_tokens < 10);
  });

  it('goes to a key’s provider also without a price, to a free model last', () => {
    assert.deepEqual(cheapestOffer(models, keyOf('featherless-ai')), {
      model: 'acme/Small',
      provider: 'featherless-ai',
      pricing: undefined,
    });
    const [, { offers = [] } = {}] = models;
    const unpriced = {
      id: 'acme/Unpriced',
      offers: [{ provider: 'publicai', status: 'live', isFree: false }],
    };
    assert.equal(
      cheapestOffer([{ id: 'acme/Small', offers }, unpriced], keyOf('publicai'))?.model,
      'acme/Unpriced',
    );
    assert.equal(cheapestOffer(models, keyOf('publicai'))?.model, 'acme/Small');
    const onlyUnpriced = models.map(({ id, offers }) => ({
      id,
      offers: offers.filter(({ pricing }) => !pricing),
    }));
    assert.equal(cheapestOffer(onlyUnpriced, me), undefined);
  });

  it('goes to OpenAI with its own model name, since Hugging Face lists none', () => {
    assert.deepEqual(cheapestOffer(models, keyOf('openai')), { model: 'gpt-4o-mini', provider: 'openai' });
  });

  it('goes to no other provider than the key’s', () => {
    assert.equal(cheapestOffer(models, groq)?.model, 'acme/Big');
    assert.equal(cheapestOffer(models, keyOf('together')), undefined);
    assert.match(noOfferText(groq), /lists no chat model of Groq/);
    assert.match(noOfferText(keyOf('fal-ai')), /fal has no chat/);
    assert.match(noOfferText(me), /lists no chat model with a price/);
  });
});

describe('the outcome of verifying billing', () => {
  const offer: Offer = { model: 'acme/Small', provider: 'novita', pricing: { input: 0.02, output: 0.05 } };
  const input = (chosen: BillingProfile) =>
    viewInput(aSnapshot().signedIn().withAccount(), { payer: { chosen } });
  const ok = JSON.stringify({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 4 } });

  it('names the provider, the payer and the cost', () => {
    const headers = { 'x-inference-provider': 'novita', 'x-headroom-billed-to': 'org:acme' };
    assert.deepEqual(verifyOutcome({ status: 200, headers, text: ok }, offer, input(acme)), {
      good: true,
      message:
        'Novita answered with acme/Small. Billed: acme. It cost about $0.0000004, by Hugging Face’s price list.',
    });
  });

  it('says that payer and cost are unknown without header and usage', () => {
    const { good, message } = verifyOutcome({ status: 200, headers: {}, text: '{}' }, offer, input(groq));
    assert.equal(good, false);
    assert.match(message, /\. The payer is not known\. Its cost is not known\.$/);
    const refused = verifyOutcome({ status: 401, headers: {}, text: '{}' }, offer, input(acme));
    assert.doesNotMatch(refused.message, /acme/);
  });

  it('says that the cost is unknown without a price, unless the provider reports it', () => {
    const headers = { 'x-headroom-billed-to': 'key:groq' };
    const unpriced = { model: 'acme/Small', provider: 'groq' };
    const { good, message } = verifyOutcome({ status: 200, headers, text: ok }, unpriced, input(groq));
    assert.equal(good, true);
    assert.match(message, /^Groq answered with acme\/Small\. Billed: .+\. Its cost is not known\.$/);
    const withCost = JSON.stringify({
      usage: { prompt_tokens: 1, completion_tokens: 1, estimated_cost: 0.0000005 },
    });
    assert.match(
      verifyOutcome({ status: 200, headers, text: withCost }, unpriced, input(groq)).message,
      /\$0\.0000005/,
    );
  });

  it('has no cost when another provider answered', () => {
    const headers = { 'x-inference-provider': 'groq' };
    assert.match(
      verifyOutcome({ status: 200, headers, text: ok }, offer, input(me)).message,
      /cost is not known/,
    );
  });

  it('has the refusal’s sentence', () => {
    const text = JSON.stringify({
      error: 'You have depleted your monthly included credits. Purchase pre-paid credits to continue.',
    });
    const headers = { 'x-headroom-billed-to': 'personal' };
    const { good, message } = verifyOutcome({ status: 402, headers, text }, offer, input(me));
    assert.equal(good, false);
    assert.match(
      message,
      /^The request could not be billed to you\. The included credits of \w+ are used up\./,
    );
  });

  it('quotes any other answer, without secrets', () => {
    const secret = ['hf', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('_');
    const text = JSON.stringify({ error: { message: `Wrong organization for ${secret}`, type: 'x' } });
    const headers = { 'x-headroom-billed-to': 'org:acme' };
    const { message } = verifyOutcome({ status: 401, headers, text }, offer, input(acme));
    assert.match(
      message,
      /^The request could not be billed to acme\. The answer was 401: “Wrong organization for/,
    );
    assert.equal(message.includes(secret), false);
  });
});

describe('askGateway', () => {
  it('sends the gateway’s key and JSON, and can be cancelled', async () => {
    const seen: (string | undefined)[] = [];
    const server = http.createServer((request, response) => {
      if (request.url === '/never') return;
      seen.push(request.method, request.url, request.headers.authorization, request.headers['content-type']);
      response.writeHead(402, { 'x-headroom-billed-to': 'personal' });
      request.pipe(response);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const gateway = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'k' };
    const abort = new AbortController();
    const answer = await askGateway(gateway, '/v1/chat/completions', abort.signal, { model: 'ä' });
    assert.deepEqual(seen, ['POST', '/v1/chat/completions', 'Bearer k', 'application/json']);
    assert.equal(answer.status, 402);
    assert.equal(answer.text, '{"model":"ä"}');
    const never = askGateway(gateway, '/never', abort.signal);
    abort.abort();
    await assert.rejects(never, { name: 'AbortError' });
    await new Promise(resolve => server.close(resolve));
  });
});

describe('keyCheckText', () => {
  it('has a sentence for each outcome; only a rejected or failed check is not good', () => {
    const outcomes = [
      keyCheckText({ kind: 'accepted' }, 'Groq'),
      keyCheckText({ kind: 'unchecked', reason: 'no-call-known' }, 'Groq'),
      keyCheckText({ kind: 'unchecked', reason: 'answers-anyone' }, 'Groq'),
      keyCheckText({ kind: 'rejected', status: 401 }, 'Groq'),
      keyCheckText({ kind: 'unchecked', reason: 'failed' }, 'Groq'),
    ];
    assert.deepEqual(
      outcomes.map(({ good }) => good),
      [true, true, true, false, false],
    );
    assert.match(outcomes[3]?.message ?? '', /^Groq rejected this key\.$/);
  });

  it('says why a text is no key', () => {
    for (const [text, reason] of [
      ['', /Paste/],
      ['hf_x', /Hugging Face token/],
      ['a b', /characters/],
    ] as const) {
      let failure: unknown;
      try {
        parseProviderKey(text);
      } catch (error) {
        failure = error;
      }
      assert.ok(failure instanceof InvalidProviderKey);
      assert.match(invalidKeyText(failure) ?? '', reason);
    }
    assert.equal(invalidKeyText(new Error('x')), undefined);
  });
});
