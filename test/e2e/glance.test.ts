import assert from 'node:assert/strict';
import { Workbench } from './workbench.ts';

describe('a person with a PRO account', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ scenario: 'pro', signedIn: true });
  });
  after(() => workbench?.close());

  it('reads what is left of the credits in the status bar', async () => {
    await workbench.statusBarReads('$0.98 left');
    const label = await workbench.statusBarItem.locator('[aria-label]').first().getAttribute('aria-label');
    assert.match(label ?? '', /98/);
    await workbench.picture('status-bar');
  });
});
