import assert from 'node:assert/strict';
import { newTokenUrl } from '../../../src/hub/tokenPage.ts';

describe('new-token page', () => {
  it('has exactly the needed permissions pre-selected', () => {
    assert.equal(
      newTokenUrl({ hubUrl: 'https://huggingface.co' }),
      'https://huggingface.co/settings/tokens/new?ownUserPermissions=user.billing.read&ownUserPermissions=inference.serverless.write&tokenType=fineGrained',
    );
  });
});
