import assert from 'node:assert/strict';
import path from 'node:path';

/** Directory of the extension's ledger. */
export function globalStorage(): string {
  const data = process.env.HEADROOM_TEST_DATA;
  assert.ok(data, 'HEADROOM_TEST_DATA names the user data directory');
  return path.join(data, 'User/globalStorage/headroom.headroom');
}
