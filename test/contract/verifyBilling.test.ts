import assert from 'node:assert/strict';
import { providers } from '../../src/billing/providers.ts';
import { parseRouterModels } from '../../src/hub/router.ts';
import { askGateway } from '../../src/ui/billing/askGateway.ts';
import { payerName } from '../../src/view/billing/payerText.ts';
import { cheapestOffer, verifyingRequest, verifyOutcome } from '../../src/view/billing/verifyBillingModel.ts';
import { models, unlistedOffers } from '../emulator/catalogue.ts';
import { chatRoutes } from '../emulator/providers.ts';
import { aSnapshot, viewInput } from '../unit/view/builders.ts';
import { type GatewayTestSetup, gatewaySetup } from './gatewaySetup.ts';

describe('verify billing with a provider key:', () => {
  let setup: GatewayTestSetup;
  before(async () => {
    setup = await gatewaySetup();
  });
  after(() => setup.close());

  const offers = [...models.flatMap(model => model.offers), ...unlistedOffers];
  const serving = providers.filter(
    ({ id }) =>
      id in chatRoutes && offers.some(({ provider, status }) => provider === id && status === 'live'),
  );

  for (const { id, name } of serving) {
    const priced = offers.some(({ provider, pricing }) => provider === id && pricing) && id !== 'openai';
    it(`${name} answers, ${priced ? 'at a listed price' : 'without a listed price'}`, async () => {
      const profile = { kind: 'provider-key', provider: id } as const;
      setup.configure({ profile });
      const { signal } = new AbortController();
      const list = await askGateway(setup, '/v1/models', signal);
      const offer = cheapestOffer(parseRouterModels(JSON.parse(list.text)).items, profile);
      assert.ok(offer);
      const answer = await askGateway(setup, '/v1/chat/completions', signal, verifyingRequest(offer));
      const input = viewInput(aSnapshot().signedIn().withAccount(), { payer: { chosen: profile } });
      const { good, message } = verifyOutcome(answer, offer, input);
      assert.equal(good, true, message);
      assert.ok(message.startsWith(`${name} answered with `), message);
      assert.ok(message.includes(`Billed: ${payerName(profile, undefined)}.`), message);
      const cost = priced
        ? /It cost about \$[\d.]+, by Hugging Face’s price list\.$/
        : /Its cost is not known\.$/;
      assert.match(message, cost);
      assert.equal(setup.received().at(-1)?.server, 'partners');
    });
  }
});
