import assert from 'node:assert/strict';
import { ledgerNotice } from '../../../src/cli/stateLedger.ts';
import type { LedgerHealth } from '../../../src/ledger/diskOrMemory.ts';

describe('the notice about a ledger', () => {
  let lines: string[];
  const { write } = process.stderr;
  beforeEach(() => {
    lines = [];
    process.stderr.write = text => lines.push(String(text)) > 0;
  });
  afterEach(() => {
    process.stderr.write = write;
  });

  it('is printed once, as soon as nothing can be written, with the consequence', () => {
    let health: LedgerHealth = { kind: 'ok' };
    const ledger = {
      get health() {
        return health;
      },
    };
    const notice = ledgerNotice(ledger, 'Records end with it.');
    notice();
    assert.deepEqual(lines, []);
    for (const reason of ['The disk is full.', 'The disk is full.', 'It is locked.']) {
      health = { kind: 'memory', reason };
      notice();
    }
    health = { kind: 'ok' };
    notice();
    health = { kind: 'memory', reason: 'The disk is full.' };
    notice();
    assert.deepEqual(lines, ['headroom: The disk is full. Records end with it.\n']);
  });

  it('of a damaged file says where it was moved', () => {
    const reason = 'It was kept as /state/ledger.db.damaged.';
    ledgerNotice({ health: { kind: 'recovered', movedTo: '/state', reason } }, 'Unused.')();
    assert.deepEqual(lines, [`headroom: ${reason}\n`]);
  });
});
