import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { accountName, limitName } from '../../../../src/gateway/pacing/limitKey.ts';
import { Pacing } from '../../../../src/gateway/pacing/pacing.ts';
import type { RateWindow } from '../../../../src/limits/headers/rateLimit.ts';
import { laneName, PaceTicket } from '../../../../src/limits/pacing/paceTicket.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const limit = limitName(accountName('Bearer hf_ada'), { by: 'huggingface', scope: 'api' });

function windowOf(remaining: number, bucket = 'api'): RateWindow {
  const reset = { resetsAt: noon + 60_000, resetsFrom: noon + 59_750 };
  return { bucket, limit: 1_000, remaining, ...reset, asOf: noon, source: 'header' };
}

/** Pacing that throws once after `fails` is set: a new window takes a random number. */
class Rig {
  fails = false;
  broken = 0;
  readonly lines: string[] = [];
  readonly timers = new Set<() => void>();
  /** Reported numbers of held requests. */
  readonly held: number[] = [];
  readonly pacing = new Pacing('one', {
    ledger: {
      shareLimits() {},
      sharedLimits: () => [],
      dataVersion: () => 0,
    },
    timers: {
      setTimeout: callback => {
        this.timers.add(callback);
        return callback;
      },
      clearTimeout: timer => this.timers.delete(timer as () => void),
    },
    now: () => noon,
    random: () => {
      if (!this.fails) return 0.5;
      this.fails = false;
      throw new Error('no more luck');
    },
    log: line => this.lines.push(line),
    onBroken: () => {
      this.broken += 1;
    },
    onHeld: held => this.held.push(held.reduce((sum, { waiting }) => sum + waiting, 0)),
  });

  ticket(): PaceTicket {
    return new PaceTicket({
      limit,
      lane: laneName(limit),
      program: 'test',
      tokens: 0,
      patienceEnd: noon + 600_000,
      owner: { paced() {} },
    });
  }

  admit() {
    return this.pacing.admit(this.ticket());
  }

  answer(...windows: RateWindow[]): void {
    const ticket = this.ticket();
    assert.equal(this.pacing.admit(ticket), 'go');
    this.pacing.answered(ticket, windows, '/api/models');
    this.pacing.ended(ticket);
  }

  /** Fails in the response to a request in flight. */
  async fail(ticket = this.ticket()): Promise<void> {
    assert.equal(this.pacing.admit(ticket), 'go');
    this.fails = true;
    this.pacing.answered(ticket, [windowOf(9), windowOf(9, 'pages')], '/api/models');
    assert.equal(this.fails, false);
    await turn();
  }

  /** Runs all timers. */
  fire(): void {
    for (const timer of [...this.timers]) if (this.timers.delete(timer)) timer();
  }
}

describe('pacing, after an error of the pacer:', () => {
  let rig: Rig;
  beforeEach(() => {
    rig = new Rig();
  });

  it('every request goes, and the log has one line', async () => {
    rig.answer(windowOf(1));
    const sent = rig.ticket();
    assert.deepEqual([rig.pacing.admit(sent), rig.admit()], ['go', 'hold']);
    rig.fire();
    rig.fails = true;
    rig.pacing.answered(sent, [windowOf(0), windowOf(0, 'pages')], '/api/models');
    assert.deepEqual([rig.admit(), rig.admit()], ['go', 'go']);
    rig.pacing.refused(sent, { cause: 'rate' }, [windowOf(0)], '/api/models');
    rig.pacing.ended(sent);
    rig.pacing.used(sent, 1);
    rig.pacing.release();
    rig.pacing.cancel();
    await turn();
    assert.equal(rig.broken, 1);
    assert.deepEqual(rig.lines, [
      'gateway: pacing failed, no request is held until it starts over: no more luck',
    ]);
    rig.fire();
    assert.deepEqual(rig.held, [1, 0]);
  });

  it('onBroken is called after the failing call has returned', async () => {
    const failing = rig.fail();
    assert.equal(rig.broken, 0);
    await failing;
    assert.equal(rig.broken, 1);
  });

  it('the next sweep restarts it without its old windows', async () => {
    const sent = rig.ticket();
    assert.equal(rig.pacing.admit(sent), 'go');
    rig.answer(windowOf(0));
    assert.equal(rig.admit(), 'hold');
    await rig.fail(sent);
    rig.pacing.sweep();
    assert.equal(rig.lines.at(-1), 'gateway: pacing starts over');
    rig.answer(windowOf(0));
    assert.equal(rig.admit(), 'hold');
    rig.pacing.sweep();
    assert.equal(rig.lines.length, 2);
  });

  it('it does not restart before onBroken was called', async () => {
    const failing = rig.fail();
    rig.pacing.sweep();
    assert.equal(rig.lines.length, 1);
    await failing;
    rig.pacing.sweep();
    assert.equal(rig.lines.length, 2);
  });

  it('a second error is logged again', async () => {
    await rig.fail();
    rig.pacing.sweep();
    await rig.fail();
    assert.equal(rig.broken, 2);
    assert.equal(rig.lines.length, 3);
  });

  it('observe mode stays after the restart', async () => {
    rig.pacing.observeOnly(true);
    await rig.fail();
    rig.pacing.sweep();
    rig.answer(windowOf(0));
    assert.equal(rig.admit(), 'go');
  });

  it('close leaves no timer', async () => {
    rig.answer(windowOf(0));
    assert.equal(rig.admit(), 'hold');
    await turn();
    rig.pacing.release();
    rig.pacing.close();
    assert.equal(rig.timers.size, 0);
  });
});
