import assert from 'node:assert/strict';
import {
  longestSharedLimit,
  mostLanes,
  mostLanesPerLimit,
  mostLimits,
  mostPayers,
  mostProgramsPerQueue,
  mostSharedLimits,
  mostWindowsPerLimit,
} from '../../../../src/limits/bounds.ts';
import type { Pacer } from '../../../../src/limits/pacing/pacer.ts';
import { laneName } from '../../../../src/limits/pacing/paceTicket.ts';
import { hourMs, now, pacer, ticket, windowsOf } from './anyAnswers.ts';

describe('pacer: after 100,000 distinct', () => {
  const names = 100_000;
  const full = { r: 0, t: 200, q: 9, w: 300, provider: undefined };
  const sizeOf = (paced: Pacer) => {
    const rows = paced.book.export(now + names);
    assert.ok(rows.length <= mostSharedLimits);
    for (const one of rows) {
      assert.ok(one.windows.length <= mostWindowsPerLimit);
      assert.ok(JSON.stringify(one).length <= longestSharedLimit);
    }
    return paced.book.size;
  };

  it('models, refused or with a full window or neither, it remembers a bounded number, the last ones', () => {
    const paced = pacer();
    for (let at = 0; at < names; at += 1) {
      const limit = `["0f3a","huggingface","router","${'m'.repeat(150)}${at}","personal"]`;
      const sent = ticket({ limit, lane: laneName(limit, `${at}`), payer: `payer ${at}` });
      assert.equal(paced.admit(sent, now + at), 'go');
      if (at % 3 === 0) {
        paced.refused(sent, { cause: 'rate', resetsAt: now + 2 * names }, [], now + at);
      } else {
        paced.answered(sent, at % 3 === 1 ? windowsOf([{ ...full, bucket: 'api' }], now + at) : [], now + at);
      }
      paced.ended(sent);
      paced.used(sent, 10);
    }
    const { limits, lanes, payers } = sizeOf(paced);
    assert.ok(limits <= mostLimits && lanes <= mostLanes && payers <= mostPayers);
    assert.equal(
      paced.book.windows(`["0f3a","huggingface","router","${'m'.repeat(150)}${99_998}","personal"]`).length,
      0,
    );
    assert.equal(
      paced.book.windows(`["0f3a","huggingface","router","${'m'.repeat(150)}${99_997}","personal"]`).length,
      1,
    );
  });

  it('bucket names of one limit', () => {
    const paced = pacer();
    for (let at = 0; at < names; at += 1) {
      const sent = ticket();
      if (paced.admit(sent, now + at) === 'hold') paced.release(now + at);
      paced.answered(sent, windowsOf([{ ...full, bucket: `bucket ${at}` }], now + at), now + at);
      paced.ended(sent);
    }
    sizeOf(paced);
    assert.equal(paced.book.windows('l').length, mostWindowsPerLimit);
    assert.equal(
      paced.book.windows('l').some(({ bucket: name }) => name === 'bucket 99999'),
      true,
    );
  });

  it('actions of one limit, all refused', () => {
    const paced = pacer();
    for (let at = 0; at < names; at += 1) {
      const sent = ticket({ lane: laneName('l', `POST ${at}`) });
      paced.admit(sent, now + at);
      paced.refused(sent, { cause: 'rate', resetsAt: now + 2 * names }, [], now + at);
    }
    assert.ok(sizeOf(paced).lanes <= mostLanesPerLimit);
  });

  it('limits and lanes that another gateway shares', () => {
    const paced = pacer();
    const closed = (limit: string, at: number) => ({
      limit,
      gateway: `two ${at}`,
      at: now + at,
      usedAt: now + at,
      windows: [],
      closed: [{ lane: laneName(limit, `${at}`), at: now + at, until: now + hourMs }],
    });
    for (let at = 0; at < names; at += 1) paced.book.import([closed(`l${at}`, at), closed('one', at)]);
    const { limits, lanes } = sizeOf(paced);
    assert.ok(limits <= mostLimits && lanes <= mostLanes);
  });

  it('limits with requests in flight, it remembers them all until they end', () => {
    const paced = pacer();
    const sent = Array.from({ length: 5_000 }, (_, at) => ticket({ limit: `l${at}` }));
    for (const one of sent) assert.equal(paced.admit(one, now), 'go');
    assert.equal(paced.book.size.limits, 5_000);
    for (const one of sent) {
      paced.answered(one, [], now);
      paced.ended(one);
    }
    for (let at = 0; at < 3_000; at += 1) {
      const one = ticket({ limit: `m${at}` });
      paced.admit(one, now);
      paced.ended(one);
    }
    assert.ok(paced.book.size.limits <= mostLimits);
  });

  it('programs in a queue, those beyond 64 share a turn', () => {
    const paced = pacer();
    paced.book.learn('l', windowsOf([{ ...full, q: 9_000, bucket: 'api' }], now), now);
    const held = Array.from({ length: 2_000 }, (_, at) => ticket({ program: `program ${at}` }));
    for (const one of held) assert.equal(paced.admit(one, now), 'hold');
    assert.equal(paced.held(now)[0]?.programs, mostProgramsPerQueue + 1);
    for (const one of held.slice(0, 1_000)) paced.ended(one);
    assert.equal(paced.held(now)[0]?.waiting, 1_000);
    const { go } = paced.next(now + hourMs);
    assert.equal(go.length + paced.next(now + hourMs + 1_000).go.length, 1_000);
  });
});
