import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Strangers, type Visit } from '../../../../src/gateway/admission/strangers.ts';
import {
  mostStrangersUpstream,
  mostWaitingStrangers,
  strangersAtOnce,
  strangersPerSecond,
} from '../../../../src/limits/bounds.ts';
import { ManualClock } from '../../../contract/manualClock.ts';

describe('strangers:', () => {
  function world() {
    const clock = new ManualClock();
    const strangers = new Strangers(clock, clock.now);
    const inside: Visit[] = [];
    const visit = (isForwarded = true): Visit => {
      const one: Visit = { isForwarded, enter: () => inside.push(one) };
      return one;
    };
    return { clock, strangers, inside, visit };
  }

  it('the next one enters when one leaves, in order of arrival', () => {
    const { strangers, inside, visit } = world();
    const all = Array.from({ length: mostStrangersUpstream + 3 }, () => visit());
    for (const one of all) assert.ok(strangers.arrive(one));
    assert.equal(inside.length, mostStrangersUpstream);
    strangers.leave(all[5]!);
    strangers.leave(all[5]!);
    assert.equal(inside.at(-1), all[mostStrangersUpstream]);
    assert.equal(inside.length, mostStrangersUpstream + 1);
  });

  it('one that leaves while it waits is forgotten', () => {
    const { strangers, inside, visit } = world();
    const all = Array.from({ length: mostStrangersUpstream + 2 }, () => visit());
    for (const one of all) strangers.arrive(one);
    strangers.leave(all[mostStrangersUpstream]!);
    strangers.leave(all[0]!);
    assert.equal(inside.at(-1), all.at(-1));
  });

  it("answers of the gateway's own need no place", () => {
    const { strangers, inside, visit } = world();
    for (let count = 0; count < mostStrangersUpstream; count++) strangers.arrive(visit());
    strangers.arrive(visit(false));
    assert.equal(inside.length, mostStrangersUpstream + 1);
  });

  it('a body that was received is paid for before more is read, while a caller with the key is there', () => {
    const { clock, strangers } = world();
    let goes = 0;
    const go = () => void goes++;
    assert.ok(strangers.received(1e9, go), 'nobody is there');
    strangers.keyedBegan(clock.now());
    assert.equal(strangers.received(64 * 1024 * (strangersAtOnce + strangersPerSecond), go), false);
    clock.advance(990);
    assert.equal(goes, 0);
    clock.advance(30);
    assert.equal(goes, 1);
  });

  it('no more begin in any time than a burst and the pace, all that waited begin, and no timer is left', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 200 })), {
          maxLength: 20,
        }),
        arrivals => {
          const { clock, strangers, inside, visit } = world();
          const start = clock.now();
          strangers.keyedBegan(start);
          let arrived = 0;
          for (const [waitMs, count] of arrivals) {
            clock.advance(waitMs);
            for (let one = 0; one < count; one++) {
              const next = visit();
              if (!strangers.arrive(next)) continue;
              arrived += 1;
            }
            for (const one of inside) strangers.leave(one);
            const seconds = (clock.now() - start) / 1_000;
            assert.ok(inside.length <= strangersAtOnce + 1 + strangersPerSecond * (seconds + 0.01));
            assert.ok(arrived - inside.length <= mostWaitingStrangers);
          }
          for (let more = 0; more < 2_000 && inside.length < arrived; more++) {
            clock.advance(10);
            for (const one of inside) strangers.leave(one);
          }
          assert.equal(inside.length, arrived);
          clock.advance(1_000);
          assert.equal(clock.pending, 0);
        },
      ),
    );
  });
});
