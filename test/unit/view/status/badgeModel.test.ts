import assert from 'node:assert/strict';
import { badgeModel } from '../../../../src/view/status/badgeModel.ts';
import {
  anEventfulSnapshot,
  aSnapshot,
  fixedNow,
  gauge,
  header,
  hourMs,
  type SnapshotBuilder,
  usd,
  viewInput,
} from '../builders.ts';

const ada = aSnapshot().signedIn().withAccount().withCredits();
const badge = (snapshot: SnapshotBuilder, now = fixedNow) => badgeModel(viewInput(snapshot, { now }));

describe('badgeModel', () => {
  it('counts and names exhausted limits', () => {
    const snapshot = ada
      .withCredits({ usedNanoUsd: usd(2) })
      .withHeaders(header('api', 2_500, 2_500))
      .withZeroGpu({ remainingSeconds: 0 });
    assert.deepEqual(badge(snapshot), {
      value: 3,
      tooltip: 'Credits used up\nZeroGPU time used up\nHub API full',
    });
  });

  it('is undefined without exhausted limits, also for full hardware', () => {
    assert.equal(badge(anEventfulSnapshot()), undefined);
  });

  for (const [name, snapshot, now] of [
    ['spend that goes on beyond the included', ada.withCredits({ usedNanoUsd: usd(3) }), fixedNow],
    ['an organization without included credits', ada.withCredits({ includedNanoUsd: 0 }), fixedNow],
    ['a window that is over', ada.withGauges(gauge('api', 2_500, 2_500)), fixedNow + hourMs],
    [
      'ZeroGPU time that has come back',
      ada.withZeroGpu({ remainingSeconds: 0, resetsAt: fixedNow - 1 }),
      fixedNow,
    ],
    ['credits of an earlier month', ada.withCredits({ usedNanoUsd: usd(2) }), Date.UTC(2025, 11, 1)],
    ['an account that is signed out', aSnapshot().withCredits({ usedNanoUsd: usd(2) }), fixedNow],
  ] as const) {
    it(`is undefined for ${name}`, () => assert.equal(badge(snapshot, now), undefined));
  }
});
