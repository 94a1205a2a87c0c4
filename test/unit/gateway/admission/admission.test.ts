import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createAdmission } from '../../../../src/gateway/admission/admission.ts';
import { readRequestHead } from '../../../../src/gateway/admission/requestHead.ts';
import { parseTarget } from '../../../../src/gateway/admission/targets.ts';

const key = `hf_headroom_${'k'.repeat(28)}`;
const path = '/v1/models';

describe('admission, key:', () => {
  const admission = createAdmission(key, 1234);
  const isAdmitted = (credential: string) => {
    const head = readRequestHead(['host', '127.0.0.1:1234', 'authorization', `Bearer ${credential}`]);
    const caller = admission.admit('GET', path, parseTarget(path), head);
    return 'kind' in caller && caller.kind === 'key';
  };

  it('refuses a part of the key and a longer one, also right after the key itself', () => {
    const others = fc.oneof(
      fc.nat({ max: key.length - 1 }).map(length => key.slice(0, length)),
      fc.string({ minLength: 1 }).map(more => key + more.replaceAll(/[^\x21-\x7e]/g, '-')),
    );
    fc.assert(
      fc.property(others, other => {
        assert.ok(isAdmitted(key));
        assert.ok(!isAdmitted(other));
      }),
    );
  });
});
