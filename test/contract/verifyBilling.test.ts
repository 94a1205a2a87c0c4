import assert from 'node:assert/strict';
import { providers } from '../../src/billing/providers.ts';
import { parseRouterModels } from '../../src/hub/router.ts';
import { askGateway } from '../../src/ui/billing/askGateway.ts';
import { payerName } from '../../src/view/billing/payerText.ts';
import { cheapestOffer, verdictOf, verifyingRequest } from '../../src/view/billing/verifyBillingModel.ts';
import { faceInput } from '../../src/view/viewInput.ts';
import { models, unlistedOffers } from '../emulator/catalogue.ts';
import { chatRoutes } from '../emulator/partners.ts';
import { aSnapshot, fixedNow } from '../unit/view/builders.ts';
import { type GatewayWorld, gatewayWorld } from './gatewayWorld.ts';

describe('verify billing with a provider key:', () => {
  let world: GatewayWorld;
  before(async () => {
    world = await gatewayWorld();
  });
  after(() => world.close());

  const offers = [...models.flatMap(model => model.offers), ...unlistedOffers];
  const serving = providers.filter(
    ({ id }) =>
      id in chatRoutes && offers.some(({ provider, status }) => provider === id && status === 'live'),
  );

  for (const { id, name } of serving) {
    const priced = offers.some(({ provider, pricing }) => provider === id && pricing) && id !== 'openai';
    it(`${name} answers, ${priced ? 'at a listed price' : 'without a listed price'}`, async () => {
      const profile = { kind: 'provider-key', provider: id } as const;
      world.configure({ profile });
      const { signal } = new AbortController();
      const list = await askGateway(world, '/v1/models', signal);
      const offer = cheapestOffer(parseRouterModels(JSON.parse(list.text)).items, profile);
      assert.ok(offer);
      const answer = await askGateway(world, '/v1/chat/completions', signal, verifyingRequest(offer));
      const shown = faceInput(
        aSnapshot().signedIn().withAccount().build(),
        { show: 'auto', payer: { chosen: profile } },
        fixedNow,
        'en',
      );
      const { good, message } = verdictOf(answer, offer, shown);
      assert.equal(good, true, message);
      assert.ok(message.startsWith(`${name} answered with `), message);
      assert.ok(message.includes(`Billed: ${payerName(profile, undefined)}.`), message);
      const cost = priced
        ? /It cost about \$[\d.]+, by Hugging Face’s price list\.$/
        : /What it cost is not known\.$/;
      assert.match(message, cost);
      assert.equal(world.received().at(-1)?.server, 'partners');
    });
  }
});
