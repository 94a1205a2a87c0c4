import assert from 'node:assert/strict';
import {
  endpointsApi,
  huggingFaceServers,
  type InvalidServerReason,
  InvalidServerUrl,
  newTokenUrl,
  parseServers,
} from '../../../src/hub/servers.ts';

describe('configured servers', () => {
  it("are Hugging Face's own when the settings are missing or blank", () => {
    assert.deepEqual(parseServers({}), huggingFaceServers);
    assert.deepEqual(parseServers({ hubUrl: '', routerUrl: '  ' }), huggingFaceServers);
  });

  it('lose trailing slashes and surrounding blanks, and keep a path', () => {
    assert.deepEqual(
      parseServers({ hubUrl: ' https://hub.example/ ', routerUrl: 'http://127.0.0.1:8080/router//' }),
      { ...huggingFaceServers, hubUrl: 'https://hub.example', routerUrl: 'http://127.0.0.1:8080/router' },
    );
  });

  for (const url of [
    'http://localhost:1',
    'http://127.9.9.9:1',
    'http://[::1]:1',
    'http://hub.localhost:1',
  ]) {
    it(`need no TLS on this machine: ${url}`, () => {
      assert.equal(parseServers({ hubUrl: url }).hubUrl, url);
    });
  }

  const refused: [string, InvalidServerReason][] = [
    ['huggingface.co', 'not-a-url'],
    ['ftp://huggingface.co', 'not-http'],
    ['file:///etc/passwd', 'not-http'],
    ['https://user:secret@huggingface.co', 'has-credentials'],
    ['https://huggingface.co/?a=b', 'has-query'],
    ['https://huggingface.co/#top', 'has-query'],
    ['http://huggingface.co', 'not-encrypted'],
    ['http://127.0.0.1.evil.example', 'not-encrypted'],
    ['http://localhost.evil.example', 'not-encrypted'],
    ['http://192.168.0.1', 'not-encrypted'],
  ];
  for (const [url, reason] of refused) {
    it(`are rejected as ${url}: ${reason}`, () => {
      assert.throws(
        () => parseServers({ endpointsUrl: url }),
        (error: unknown) =>
          error instanceof InvalidServerUrl &&
          error.reason === reason &&
          error.setting === 'endpointsUrl' &&
          !error.message.includes('secret'),
      );
    });
  }

  it('get /v2 for Inference Endpoints when it is missing', () => {
    assert.equal(endpointsApi(huggingFaceServers), 'https://api.endpoints.huggingface.cloud/v2');
    const configured = parseServers({ endpointsUrl: 'http://127.0.0.1:1/v2/' });
    assert.equal(endpointsApi(configured), 'http://127.0.0.1:1/v2');
  });
});

describe("HF's page for a new token", () => {
  it('has exactly the needed permissions pre-selected', () => {
    assert.equal(
      newTokenUrl({ hubUrl: 'https://huggingface.co' }),
      'https://huggingface.co/settings/tokens/new?ownUserPermissions=user.billing.read&ownUserPermissions=inference.serverless.write&tokenType=fineGrained',
    );
  });
});
