import assert from 'node:assert/strict';
import { HubError, type HubErrorDetails, type HubErrorKind } from '../../../../src/hub/hubError.ts';
import { changeFailure } from '../../../../src/view/endpoints/changeFailureText.ts';
import { endpoint } from '../builders.ts';

const failed = (kind: HubErrorKind, details: HubErrorDetails) =>
  changeFailure(new HubError(kind, 'POST failed', details), endpoint('bert-prod', { namespace: 'acme' }));

describe('a change of an endpoint that failed', () => {
  it('without the permission: which one to tick', () => {
    const words = 'missing permissions: inference.endpoints.write';
    const { message, remedy } = failed('missing-permission', { status: 403, words });
    assert.match(
      message,
      /^This token may not start or stop endpoints of acme\. .*inference\.endpoints\.write\. Nothing was changed\.$/,
    );
    assert.equal(remedy, 'make-token');
  });

  it('by an admin’s rule: no token helps', () => {
    const words = 'Access to Inference Endpoints is restricted in this organization.';
    const { message, remedy } = failed('missing-permission', { status: 403, words });
    assert.match(
      message,
      /^You may not change endpoints of acme\. Nothing was changed\. It says: “Access to/,
    );
    assert.notEqual(remedy, 'make-token');
  });

  it('for a limit: the quota, or the resource group’s money', () => {
    assert.equal(
      failed('rejected', { status: 400, words: 'Quota exceeded for nvidia-l4' }).remedy,
      'ask-for-more',
    );
    const spent = failed('missing-permission', { status: 403, words: 'Resource group spend limit reached' });
    assert.match(spent.message, /The resource group of bert-prod has reached its spending limit/);
  });

  it('for another change, a deleted endpoint, one that runs already', () => {
    assert.match(
      failed('rejected', { status: 409, words: 'Conflict' }).message,
      /^Something else is changing bert-prod just now\. .*“Conflict”$/,
    );
    assert.match(failed('not-found', { status: 404 }).message, /no longer there/);
    assert.match(
      failed('rejected', { status: 400, words: 'Endpoint is already running' }).message,
      /^bert-prod runs already\. Nothing was changed\.$/,
    );
  });

  it('without an answer: it may have happened, and is not sent again', () => {
    for (const error of [
      failed('timeout', {}),
      failed('server-error', { status: 502 }),
      failed('truncated', { status: 200 }),
      failed('unreachable', { code: 'ECONNRESET' }),
    ]) {
      assert.match(error.message, /may have taken it all the same\. Headroom does not send it again/);
      assert.doesNotMatch(error.message, /Nothing was changed/);
    }
    assert.match(failed('dns', { code: 'ENOTFOUND' }).message, /can’t be reached.* Nothing was changed\./);
  });
});
