import assert from 'node:assert/strict';
import { HubError, type HubErrorKind } from '../../../src/hub/hubError.ts';

/** Fails unless `read` throws that HubError. */
export function throwsHubError(read: () => unknown, kind: HubErrorKind, field?: string): void {
  assert.throws(read, (error: unknown) => {
    assert.ok(error instanceof HubError, String(error));
    assert.equal(error.kind, kind, error.message);
    assert.equal(error.details.field, field);
    if (kind === 'format-changed') assert.equal(error.message, `response format changed: ${field}`);
    return true;
  });
}

/** Values that are no amount. */
export const malformedAmounts: readonly unknown[] = [
  '12',
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  {},
  [],
];
