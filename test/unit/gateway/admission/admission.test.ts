import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openDoor } from '../../../../src/gateway/admission/admission.ts';
import { readRequestHead } from '../../../../src/gateway/admission/requestHead.ts';
import { parseTarget } from '../../../../src/gateway/admission/targets.ts';

const key = `hf_headroom_${'k'.repeat(28)}`;
const path = '/v1/models';

describe('the check of the key', () => {
  const door = openDoor(key, 1234);
  /** Not as one who brings a token of their own. */
  const knowsKey = (credential: string) => {
    const head = readRequestHead(['host', '127.0.0.1:1234', 'authorization', `Bearer ${credential}`]);
    const admission = door.admit('GET', path, parseTarget(path), head);
    return !('status' in admission) && admission.ownToken === undefined;
  };

  it('keeps out what is cut off the key, or longer, also right after the key itself', () => {
    const others = fc.oneof(
      fc.nat({ max: key.length - 1 }).map(length => key.slice(0, length)),
      fc.string({ minLength: 1 }).map(more => key + more.replaceAll(/[^\x21-\x7e]/g, '-')),
    );
    fc.assert(
      fc.property(others, other => {
        assert.ok(knowsKey(key));
        assert.ok(!knowsKey(other));
      }),
    );
  });
});
