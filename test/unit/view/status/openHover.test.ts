import assert from 'node:assert/strict';
import { type StatusBarView, statusBarView } from '../../../../src/view/status/statusBarModel.ts';
import {
  aSnapshot,
  fixedNow,
  header,
  held,
  hubRefusal,
  type InputChange,
  minuteMs,
  refusal,
  type SnapshotBuilder,
  secondMs,
  usd,
  viewInput,
} from '../builders.ts';

const ada = aSnapshot().signedIn().withAccount().withCredits();

/** The hover's texts while it is drawn each second, each once. */
function texts(of: SnapshotBuilder, seconds: number, options: InputChange = {}): string[] {
  let last: StatusBarView | undefined;
  const seen: string[] = [];
  for (let second = 0; second <= seconds; second++) {
    last = statusBarView(
      viewInput(of, { ...options, now: fixedNow + second * secondMs }),
      options.held,
      last,
    );
    if (last.hover !== seen.at(-1)) seen.push(last.hover);
  }
  return seen;
}

describe('the text of an open hover stays the same', () => {
  for (const [name, snapshot, options] of [
    ['while the credits’ age moves', ada, {}],
    ['while a full window counts down', ada.withHeaders(header('api', 2_500, 2_500)), {}],
    ['while a nearly full window counts down', ada.withHeaders(header('api', 2_400, 2_500)), {}],
    ['while a refusal counts down', ada.withRefusals(hubRefusal(100 * secondMs)), {}],
    ['while held requests count down', ada, { held: [held({ until: fixedNow + 90 * secondMs })] }],
  ] as [string, SnapshotBuilder, InputChange][]) {
    it(`${name}, for a minute`, () => assert.equal(texts(snapshot, 59, options).length, 1));
  }

  it('and has the right age after a minute', () => {
    const [first, second, ...more] = texts(ada, 100);
    assert.match(first ?? '', /updated 40 s ago/);
    assert.match(second ?? '', /updated 1 min ago/);
    assert.deepEqual(more, []);
  });
});

describe('the text of an open hover changes at once', () => {
  const input = viewInput(ada);
  const open = statusBarView(input);
  for (const [name, snapshot] of [
    ['for new figures', ada.withCredits({ usedNanoUsd: usd(1.03) }, 0)],
    ['for a refresh without new figures', ada.withCredits({}, 0)],
    ['for a refusal', ada.withRefusals(refusal())],
  ] as const) {
    it(name, () => assert.notEqual(statusBarView(viewInput(snapshot), [], open).hover, open.hover));
  }

  it('when a window opens', () => {
    const full = ada.withHeaders(header('api', 2_500, 2_500, { resetsAt: fixedNow + 5 * secondMs }));
    assert.equal(texts(full, 20).length, 2);
  });

  it('when the clock was set back', () => {
    const earlier = viewInput(ada, { now: fixedNow - 5 * minuteMs });
    assert.equal(statusBarView(earlier, [], open).hoverAt, earlier.now);
  });
});
