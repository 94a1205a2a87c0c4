import assert from 'node:assert/strict';
import { type BudgetScope, decide } from '../../src/billing/budget.ts';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import { budgetScopes } from '../../src/limits/refusals/ownBudget.ts';
import { depleted, GatewayRig, ok, reply } from './gatewayRig.ts';
import { chat } from './testGateway.ts';

const nanoUsd = 1e9;
const acme = { kind: 'organization', name: 'acme' } as const;
const scope: BudgetScope = { payer: 'personal' };
const budget = { ...scope, pauseAtNanoUsd: 5 * nanoUsd };

describe('gateway budgets:', () => {
  let rig: GatewayRig;
  afterEach(() => rig.stop());

  /** @param spent USD that gateways have counted this month */
  const start = async (config: Partial<GatewayConfig>, spent = 5) => {
    rig = await GatewayRig.start({ config });
    if (spent > 0) record(spent);
  };
  const record = (spent: number, billedTo = 'personal', workspace?: string) => {
    const tally = { at: rig.clock.now(), status: 200, billedTo, provider: 'novita', durationMs: 1 };
    const costNanoUsd = spent * nanoUsd;
    rig.gateway.ledger.recordTallies([{ ...tally, costNanoUsd, ...(workspace && { workspace }) }]);
  };
  const statuses = async (count: number) => {
    const answers = await Promise.all(Array.from({ length: count }, () => chat(rig.gateway)));
    await Promise.all(answers.map(answer => answer.arrayBuffer()));
    return answers.map(({ status }) => status);
  };

  it('a used-up one refuses what would be billed, sends nothing, and says how to go on', async () => {
    await start({ budgets: [budget] });
    const answer = await chat(rig.gateway);
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    assert.equal(answer.status, 402);
    assert.equal(answer.headers.get('x-should-retry'), 'false');
    assert.equal(error.code, 'budget_paused');
    assert.match(
      error.message,
      /^Headroom paused what is billed to personal: \$5\.00 of this month's \$5\.00/,
    );
    assert.equal(rig.arrived.length, 0);
  });

  it('the refusal is recorded, and told once', async () => {
    await start({ budgets: [budget] });
    await statuses(3);
    await rig.gateway.close(0);
    const own = { status: 402, cause: 'spending-limit', by: 'headroom', scope: budgetScopes.payer };
    const known = rig.gateway.refusals.map(({ status, cause, by, scope, billedTo, source }) => ({
      ...{ status, cause, by, scope, billedTo, source },
    }));
    assert.deepEqual(known, Array(3).fill({ ...own, billedTo: 'personal', source: 'gateway' }));
    const paused = rig.gateway.events.filter(({ kind }) => kind === 'paused');
    assert.deepEqual(paused, [{ kind: 'paused', ...budget, spentNanoUsd: 5 * nanoUsd }]);
  });

  it('what is free passes: models and the Hub; and what another payer is billed for', async () => {
    await start({ budgets: [budget] });
    assert.equal(await rig.status('/v1/models'), 200);
    assert.equal(await rig.status('/hub/api/models'), 200);
    const own = { authorization: 'Bearer hf_callersOwn' };
    assert.equal((await chat(rig.gateway, undefined, own)).status, 200);
    rig.configure({ budgets: [budget], profile: acme });
    assert.deepEqual(await statuses(1), [200]);
  });

  it('a stream that is open is never cut', async () => {
    await start({ budgets: [budget] }, 0);
    rig.answers.push(() => undefined);
    const answer = chat(rig.gateway);
    await rig.arrival(1);
    const [streaming] = rig.arrived;
    assert.ok(streaming);
    streaming.socket.write(
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    streaming.socket.write(chunk('data: one\n\n'));
    const response = await answer;
    record(5);
    rig.clock.advance(2_000);
    assert.deepEqual(await statuses(1), [402]);
    rig.configure({ budgets: [{ ...budget, pauseAtNanoUsd: 1 }] });
    streaming.socket.write(`${chunk('data: two\n\n')}0\r\n\r\n`);
    assert.equal(await response.text(), 'data: one\n\ndata: two\n\n');
  });

  it('a change holds for the next request, without a restart', async () => {
    await start({ budgets: [budget] });
    const { url } = rig.gateway;
    assert.deepEqual(await statuses(1), [402]);
    rig.configure({ budgets: [{ ...budget, pauseAtNanoUsd: 6 * nanoUsd }] });
    assert.deepEqual(await statuses(1), [200]);
    rig.configure({ budgets: [{ ...budget, pauseAtNanoUsd: 4 * nanoUsd }] });
    assert.deepEqual(await statuses(1), [402]);
    rig.configure({ budgets: [] });
    assert.deepEqual(await statuses(1), [200]);
    assert.equal(rig.gateway.url, url);
  });

  it('a folder’s counts what its gateways recorded', async () => {
    const workspace = 'w1';
    await start({ budgets: [{ ...budget, workspace }], workspace });
    record(5, 'personal', 'w2');
    assert.deepEqual(await statuses(1), [200]);
    record(5, 'personal', workspace);
    rig.clock.advance(10_000);
    const answer = await chat(rig.gateway);
    assert.match(await answer.text(), /billed to personal in this folder: .*headroom budget --here/);
    await rig.gateway.close(0);
    assert.equal(rig.gateway.refusals.at(-1)?.scope, budgetScopes.folder);
  });

  describe('a person who continues', () => {
    it('once lets exactly one of 32 parallel requests pass', async () => {
      await start({ budgets: [budget] });
      assert.deepEqual(await statuses(1), [402]);
      decide(rig.gateway.ledger, scope, { at: rig.clock.now(), once: true });
      const answers = await statuses(32);
      assert.deepEqual(answers.filter(status => status === 200).length, 1);
      assert.equal(rig.arrived.length, 1);
      assert.deepEqual(await statuses(1), [402]);
    });

    it('until a time lets all pass until then', async () => {
      await start({ budgets: [budget] });
      decide(rig.gateway.ledger, scope, { at: rig.clock.now(), until: rig.clock.now() + 60_000 });
      assert.deepEqual(await statuses(4), [200, 200, 200, 200]);
      rig.clock.advance(60_000);
      assert.deepEqual(await statuses(1), [402]);
    });
  });

  describe('beside failover', () => {
    it("nobody else pays when the chosen payer's budget is used up", async () => {
      await start({ budgets: [budget], failover: [acme] });
      assert.deepEqual(await statuses(2), [402, 402]);
      assert.deepEqual(rig.billed, []);
      assert.deepEqual(rig.gateway.switches, []);
    });

    it('a stand-in whose budget is used up is not billed, and the error names it', async () => {
      await start({ budgets: [{ ...budget, payer: 'org:acme' }], failover: [acme] }, 0);
      record(5, 'org:acme');
      rig.answers.push(reply(402, depleted), reply(200, ok));
      const answer = await chat(rig.gateway);
      assert.equal(answer.status, 402);
      assert.match(await answer.text(), /paused what is billed to org:acme/);
      assert.deepEqual(rig.billed, ['personal']);
    });
  });
});
