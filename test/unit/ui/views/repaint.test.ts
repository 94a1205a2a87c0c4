import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Repaint } from '../../../../src/ui/views/repaint.ts';
import { fixedNow } from '../../view/builders.ts';

describe('a face is drawn', () => {
  let drawn: number[];
  let next: number;
  let repaint: Repaint;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: fixedNow });
    drawn = [];
    next = Number.POSITIVE_INFINITY;
    repaint = new Repaint(() => {
      drawn.push(Date.now() - fixedNow);
      return next;
    });
  });
  afterEach(() => {
    repaint.dispose();
    mock.timers.reset();
  });
  /** In small steps, since a timer may start another. */
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) mock.timers.tick(50);
  };

  it('again when it would look different, and each minute', () => {
    next = fixedNow + 700;
    repaint.now();
    pass(650);
    assert.deepEqual(drawn, [0]);
    next = Number.POSITIVE_INFINITY;
    pass(50);
    assert.deepEqual(drawn, [0, 700]);
    pass(60_000);
    assert.deepEqual(drawn, [0, 700, 60_700]);
  });

  it('once a second for news that come faster, with the last of them', () => {
    repaint.now();
    for (let news = 0; news < 10; news += 1) {
      pass(250);
      repaint.soon();
    }
    pass(3_000);
    assert.deepEqual(drawn, [0, 1_000, 2_000, 3_000]);
  });

  it('at once for the first news after a while', () => {
    repaint.now();
    pass(5_000);
    repaint.soon();
    assert.deepEqual(drawn, [0, 5_000]);
  });

  it('not later than it would be without news', () => {
    next = fixedNow + 400;
    repaint.now();
    repaint.soon();
    pass(400);
    assert.deepEqual(drawn, [0, 400]);
  });

  it('never after it was disposed of', () => {
    repaint.dispose();
    repaint.now();
    repaint.soon();
    assert.deepEqual(drawn, []);
  });
});
