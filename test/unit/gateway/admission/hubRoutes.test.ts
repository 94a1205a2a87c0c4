import assert from 'node:assert/strict';
import { hasAddresses, isGit, isLfs, isRead } from '../../../../src/gateway/admission/hubRoutes.ts';

describe('routes of the Hub:', () => {
  for (const path of [
    '/api/models/acme/x/paths-info/main',
    '/api/models/gpt2/paths-info/main',
    '/api/datasets/acme/x/paths-info/refs%2Fpr%2F1',
    '/api/spaces/acme/x/paths-info/main',
    '/api/buckets/acme/x/paths-info',
    '/acme/x/git-upload-pack',
    '/acme/x.git/git-upload-pack',
    '/gpt2/git-upload-pack',
    '/datasets/acme/x/git-upload-pack',
    '/spaces/acme/x.git/info/lfs/objects/batch',
    '/api/validate-yaml',
  ]) {
    it(`POST ${path} reads`, () => {
      assert.equal(isRead('POST', path), true);
      for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'post'])
        assert.equal(isRead(method, path), false);
    });
  }

  for (const path of [
    '/api/repos/create',
    '/api/models/acme/x/commit/main',
    '/api/models/acme/paths-info/commit/main',
    '/api/models/acme/x/preupload/main',
    '/api/models/acme/x/paths-info/main/commit',
    '/api/models/acme/x/branch/paths-info',
    '/api/models/acme/git-upload-pack',
    '/api/models/info/lfs/objects/batch',
    '/acme/x/git-receive-pack',
    '/acme/x.git/info/lfs/objects/verify',
    '/acme/x.git/info/lfs/locks/verify',
    '/acme/x.git/info/lfs/locks',
    '/a/b/c/d/git-upload-pack',
    '/acme/x/git-upload-pack/',
    '/acme/x/git%2Dupload-pack',
    '/acme/x/GIT-UPLOAD-PACK',
    '/git-upload-pack',
    '/login',
  ]) {
    it(`POST ${path} is no read`, () => {
      assert.equal(isRead('POST', path), false);
      assert.equal(isRead('GET', path), true);
    });
  }

  it('git is challenged for a password, API clients are not', () => {
    for (const path of [
      '/acme/x/info/refs',
      '/acme/x/git-receive-pack',
      '/datasets/acme/x.git/info/lfs/objects/batch',
      '/acme/x.git/info/lfs/locks/verify',
    ])
      assert.deepEqual([isGit(path), isLfs(path)], [true, path.includes('lfs')], path);
    for (const path of ['/api/models/acme/x/refs', '/acme/x/resolve/main/refs', '/api/repos/create'])
      assert.equal(isGit(path), false, path);
  });

  it('addresses are looked for in answers to creations, commits and LFS batches only', () => {
    for (const path of [
      '/api/repos/create',
      '/api/buckets/acme/x',
      '/api/models/acme/x/commit/main',
      '/api/models/gpt2/commit/main',
      '/api/datasets/acme/x/commit/refs%2Fpr%2F1',
      '/api/spaces/acme/x/duplicate',
      '/acme/x.git/info/lfs/objects/batch',
    ]) {
      assert.equal(hasAddresses('POST', path), true, path);
      assert.equal(hasAddresses('GET', path), false, path);
    }
    for (const path of ['/api/repos/move', '/api/models/acme/x/preupload/main', '/api/jobs/acme'])
      assert.equal(hasAddresses('POST', path), false, path);
  });
});
