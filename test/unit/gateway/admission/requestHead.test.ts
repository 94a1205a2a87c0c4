import assert from 'node:assert/strict';
import { readRequestHead } from '../../../../src/gateway/admission/requestHead.ts';
import { patienceMs } from '../../../../src/gateway/upstream/retryDecision.ts';

describe('request head, SDK timeout:', () => {
  const total = 'X-Stainless-Timeout';
  const read = 'x-stainless-read-timeout';
  const secondsOf = (...headers: string[]) => readRequestHead(headers).timeoutSeconds;

  it('x-stainless-timeout or x-stainless-read-timeout is read', () => {
    assert.equal(secondsOf(total, '600'), 600);
    assert.equal(secondsOf(read, '2.5'), 2.5);
    assert.equal(secondsOf(), undefined);
  });

  it('the shorter of both counts', () => {
    assert.equal(secondsOf(total, '600', read, '3.0'), 3);
    assert.equal(secondsOf(read, '600.0', total, '3'), 3);
  });

  it('a header that is no number is ignored', () => {
    assert.equal(secondsOf(total, 'Timeout(connect=5.0, read=3, write=600)', read, '3'), 3);
    assert.equal(secondsOf(total, '10', read, 'None'), 10);
  });

  it('without a readable timeout, the configured wait counts', () => {
    for (const odd of ['', '0', '-1', 'ten', '1e9', 'NaN']) {
      assert.equal(patienceMs(60_000, secondsOf(total, odd), false), 60_000);
      assert.equal(patienceMs(60_000, secondsOf(read, odd), false), 60_000);
    }
  });

  it('the timeout headers are forwarded', () => {
    assert.deepEqual(readRequestHead([total, '600', read, '3.0']).forwarded, [total, '600', read, '3.0']);
  });
});

describe('request head, what is kept back:', () => {
  it('a header that a server may read as one of the gateway’s own, whatever its case and its `_`', () => {
    for (const name of ['X_HF_Bill_To', 'x-hf_bill-to', 'X_Api_Key', 'x_forwarded_for', 'X_Headroom_Cause']) {
      assert.deepEqual(readRequestHead([name, 'evil', 'X-Own', '1']).forwarded, ['X-Own', '1'], name);
    }
  });

  it('`Content_Length` frames nothing', () => {
    assert.equal(readRequestHead(['Content_Length', '5']).contentLength, undefined);
  });
});
