import assert from 'node:assert/strict';
import type { Refusal } from '../../src/limits/refusals/refusal.ts';
import type { RequestTally } from '../../src/limits/requests/requestTally.ts';
import { type AccountSetup, calls, hour, minute, second, type Window, withAccount } from './accountSetup.ts';

function refused(setup: AccountSetup, change: Partial<Refusal> = {}): Refusal {
  return {
    at: setup.clock.now(),
    status: 402,
    cause: 'credits',
    by: 'huggingface',
    scope: 'monthly included credits',
    billedTo: 'personal',
    source: 'gateway',
    message: 'You have depleted your monthly included credits.',
    ...change,
  };
}

function used(setup: AccountSetup, billedTo = 'personal'): RequestTally {
  const at = setup.clock.now();
  return { at: at - second, status: 200, billedTo, durationMs: second, acceptedAt: at };
}

/** A window that a person works in, long after the first round. */
async function quiet(setup: AccountSetup): Promise<Window> {
  const window = await setup.started();
  window.service.setAttention('focused');
  await setup.clock.advance(2 * minute);
  setup.forgetRequests();
  return window;
}

describe('usage of a payer', () => {
  it('is read within 3 s of a refusal for money, and again while holds clear', () =>
    withAccount({}, async setup => {
      const window = await quiet(setup);
      setup.open().ledger.recordRefusals([refused(setup)]);
      await setup.clock.advance(3 * second);
      assert.equal(setup.received(calls.usage).length, 1);
      assert.ok(setup.clock.now() - (window.snapshot.credits.asOf ?? 0) < 3 * second);
      await setup.clock.advance(2 * minute);
      assert.equal(setup.received(calls.usage).length, 2);
    }));

  it('corrects the cause of the refusal for credits that it follows, and not of older ones', () =>
    withAccount({}, async setup => {
      const window = await quiet(setup);
      const { ledger } = setup.open();
      const old = refused(setup, { at: setup.clock.now() - 30 * minute });
      ledger.recordRefusals([old, refused(setup), refused(setup, { billedTo: 'org:acme' })]);
      await setup.clock.advance(3 * second);
      const causes = window.snapshot.refusals.map(({ at, billedTo, cause }) => [
        at === old.at,
        billedTo,
        cause,
      ]);
      assert.deepEqual(
        causes.toSorted(),
        [
          [false, 'org:acme', 'credits'],
          [false, 'personal', 'unsettled'],
          [true, 'personal', 'credits'],
        ],
        'ada has credits left',
      );
      assert.deepEqual(ledger.lastRefusals(9), window.snapshot.refusals, 'for all windows and the CLI');
    }));

  it('of an organization is read after its refusal, and the account’s own is not', () =>
    withAccount({}, async setup => {
      await quiet(setup);
      setup.open().ledger.recordRefusals([refused(setup, { billedTo: 'org:acme' })]);
      await setup.clock.advance(3 * second);
      assert.equal(setup.received(calls['organization-usage/acme']).length, 1);
      assert.equal(setup.received(calls.usage).length, 0);
    }));

  it('is not read for a refusal of another kind, or of a provider’s account', () =>
    withAccount({}, async setup => {
      await quiet(setup);
      setup
        .open()
        .ledger.recordRefusals([
          refused(setup, { status: 429, cause: 'rate', scope: 'api' }),
          refused(setup, { by: 'groq' }),
          refused(setup, { billedTo: 'key:groq' }),
        ]);
      await setup.clock.advance(10 * second);
      assert.deepEqual(setup.received(), []);
    }));

  it('is read some seconds after the traffic ended, once', () =>
    withAccount({}, async setup => {
      await quiet(setup);
      const { ledger } = setup.open();
      for (let index = 0; index < 5; index++) {
        ledger.recordTallies([used(setup)]);
        await setup.clock.advance(2 * second);
      }
      assert.equal(setup.received(calls.usage).length, 0, 'the program still works');
      await setup.clock.advance(8 * second);
      assert.equal(setup.received(calls.usage).length, 1);
    }));

  it('costs one busy and ten idle windows what it costs one: so many requests an hour', async () => {
    const inOneHour = async (idle: number): Promise<{ all: number; usage: number }> => {
      let counted = { all: 0, usage: 0 };
      await withAccount({}, async setup => {
        await quiet(setup);
        for (let index = 0; index < idle; index++) await setup.started();
        const { ledger } = setup.open();
        setup.forgetRequests();
        for (let passed = 0; passed < hour; passed += 20 * second) {
          ledger.recordTallies([used(setup)]);
          if (passed % minute === 0) ledger.recordRefusals([refused(setup)]);
          await setup.clock.advance(20 * second);
        }
        counted = { all: setup.received().length, usage: setup.received(calls.usage).length };
      });
      return counted;
    };
    const [alone, among] = [await inOneHour(0), await inOneHour(10)];
    console.log(
      `      one busy window: ${JSON.stringify(alone)}; with ten idle ones: ${JSON.stringify(among)}`,
    );
    assert.ok(among.usage <= alone.usage + 1, `${among.usage} of ten, ${alone.usage} of one`);
    // the jitter of the other calls
    assert.ok(among.all <= 1.15 * alone.all, `${among.all} of ten, ${alone.all} of one`);
    assert.ok(alone.usage <= 45 && alone.all <= 90);
  });
});
