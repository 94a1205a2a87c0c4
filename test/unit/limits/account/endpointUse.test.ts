import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type RequestCount,
  type RequestHistory,
  runsUntilStopped,
  withReading,
} from '../../../../src/limits/account/endpointUse.ts';
import { dayMs, endpoint, fixedNow, hardware, hourMs, minuteMs } from '../../view/builders.ts';

type Reading = RequestCount & { readonly at: number };

const read = (requests: number, at: number, replicas = 'a b'): Reading => ({ requests, replicas, at });
const historyOf = (readings: readonly Reading[]) =>
  readings.reduce<RequestHistory | undefined>(
    (before, { at, ...count }) => withReading(before, count, at),
    undefined,
  );
const idleMsOf = (...readings: Reading[]) => {
  const { since = 0, readAt = 0 } = historyOf(readings) ?? {};
  return readAt - since;
};
const anyReading = fc.record({
  requests: fc.nat(3),
  replicas: fc.constantFrom('', 'a', 'a b', 'c'),
  at: fc.integer({ min: 0, max: 7 * dayMs }),
});
const inOrder = (readings: readonly Reading[]) => readings.toSorted((one, other) => one.at - other.at);
const anyReadings = fc.array(anyReading, { minLength: 1, maxLength: 12 });

describe('an endpoint is idle', () => {
  const now = fixedNow;

  it('since its first reading when no request came', () => {
    assert.equal(idleMsOf(read(5, now)), 0);
    assert.equal(idleMsOf(read(5, now), read(5, now + hourMs), read(5, now + 3 * hourMs)), 3 * hourMs);
  });

  it('since the reading that saw the last request', () => {
    assert.equal(idleMsOf(read(5, now), read(6, now + hourMs), read(6, now + 4 * hourMs)), 3 * hourMs);
  });

  it('over a gap in the readings, when nothing changed meanwhile', () => {
    assert.equal(idleMsOf(read(5, now), read(5, now + 14 * hourMs)), 14 * hourMs);
  });

  it('from anew when its count falls, or its replicas are others', () => {
    assert.equal(idleMsOf(read(5, now), read(4, now + 3 * hourMs)), 0);
    assert.equal(idleMsOf(read(0, now), read(0, now + 3 * hourMs, 'a b c')), 0);
    assert.equal(idleMsOf(read(5, now), read(5, now + 3 * hourMs, 'b c')), 0);
    assert.equal(idleMsOf(read(5, now), read(5, now + 3 * hourMs, '')), 0);
  });

  it('for no longer after the clock was set back', () => {
    assert.equal(idleMsOf(read(5, now), read(5, now + 2 * hourMs), read(5, now + hourMs)), hourMs);
    const back = [read(5, now), read(5, now - dayMs)];
    assert.equal(idleMsOf(...back), 0);
    assert.equal(idleMsOf(...back, read(5, now - dayMs + minuteMs)), minuteMs);
  });

  it('never before a reading that differed, nor for longer than the readings last', () => {
    fc.assert(
      fc.property(anyReadings.map(inOrder), readings => {
        const history = historyOf(readings);
        const { requests, replicas, at } = readings.at(-1) ?? assert.fail();
        const differs = (each: Reading) => each.requests !== requests || each.replicas !== replicas;
        const after = readings[readings.findLastIndex(differs) + 1];
        assert.deepEqual(history, { requests, replicas, since: after?.at, readAt: at });
      }),
    );
  });

  it('for no negative time, in whatever order clocks date the readings', () => {
    fc.assert(
      fc.property(anyReadings, readings => {
        const { since = 0, readAt = 0 } = historyOf(readings) ?? {};
        assert.ok(since <= readAt);
        assert.ok(readings.some(({ at }) => at === since));
      }),
    );
  });

  it('for no longer when readings between were missed', () => {
    const whole = anyReadings.map(inOrder);
    fc.assert(
      fc.property(whole, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (readings, isMissed) => {
        // of counters that only rise, as those of one run of the replicas do
        const sums = readings.map((_, index) => readings.slice(0, index + 1).map(each => each.requests));
        const rising = readings.map(({ at }, index) =>
          read(sums[index]?.reduce((sum, requests) => sum + requests) ?? 0, at),
        );
        const seen = rising.filter((_, index) => !isMissed[index] || index === rising.length - 1);
        assert.ok((historyOf(seen)?.since ?? 0) >= (historyOf(rising)?.since ?? 0));
      }),
    );
  });
});

describe('an endpoint that is asked for its requests', () => {
  const l4 = [hardware()];
  const stays = { minReplicas: 1 };

  it('keeps a replica, or has no time after which it scales to zero', () => {
    assert.ok(runsUntilStopped(endpoint('e', stays), l4));
    assert.ok(runsUntilStopped(endpoint('e', { minReplicas: 0, scaleToZeroMinutes: undefined }), l4));
    assert.ok(!runsUntilStopped(endpoint('e'), l4), 'it needs no suggestion');
  });

  it('runs, and costs money as far as is known', () => {
    assert.ok(runsUntilStopped(endpoint('e', stays), []), 'a price that is not known');
    assert.ok(!runsUntilStopped(endpoint('e', stays), [hardware({ usdPerHour: 0 })]));
    assert.ok(!runsUntilStopped(endpoint('e', { ...stays, readyReplicas: 0 }), l4));
    for (const state of ['paused', 'scaledToZero', 'updating', 'failed', 'new-at-hf'])
      assert.ok(!runsUntilStopped(endpoint('e', { ...stays, state }), l4), state);
  });
});
