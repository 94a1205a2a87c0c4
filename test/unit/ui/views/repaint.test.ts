import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Repaint } from '../../../../src/ui/views/repaint.ts';
import { fixedNow } from '../../view/builders.ts';

describe('Repaint', () => {
  let drawn: number[];
  let countsDown: boolean;
  let repaint: Repaint;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: fixedNow + 300 });
    drawn = [];
    countsDown = false;
    repaint = new Repaint(() => {
      drawn.push(Date.now() - fixedNow);
      return countsDown;
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

  it('draws every ten seconds, on whole seconds of the clock', () => {
    repaint.now();
    pass(20_000);
    assert.deepEqual(drawn, [300, 10_000, 20_000]);
  });

  it('draws each second while the drawing counts down', () => {
    countsDown = true;
    repaint.now();
    pass(2_000);
    countsDown = false;
    pass(11_000);
    assert.deepEqual(drawn, [300, 1_000, 2_000, 3_000, 10_000]);
  });

  it('draws once a second for frequent news, and the last of them', () => {
    repaint.now();
    for (let news = 0; news < 10; news += 1) {
      pass(250);
      repaint.soon();
    }
    pass(3_000);
    assert.deepEqual(drawn, [300, 1_000, 2_000, 3_000]);
  });

  it('draws at once for the first news after a while', () => {
    repaint.now();
    pass(5_000);
    repaint.soon();
    assert.deepEqual(drawn, [300, 5_300]);
  });

  it('keeps the tick of a countdown when news come', () => {
    countsDown = true;
    repaint.now();
    pass(500);
    repaint.soon();
    pass(200);
    assert.deepEqual(drawn, [300, 1_000]);
  });

  it('does not draw after dispose', () => {
    repaint.dispose();
    repaint.now();
    repaint.soon();
    assert.deepEqual(drawn, []);
  });
});
