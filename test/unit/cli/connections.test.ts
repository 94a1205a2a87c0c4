import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type EditorConnections, editorConnections } from '../../../src/account/editorConnections.ts';
import { providers } from '../../../src/billing/providers.ts';
import { UsageError } from '../../../src/cli/command.ts';
import {
  configuredProviderUrls,
  configuredServers,
  dropForeignCertificates,
  editorsOf,
  serversLine,
} from '../../../src/cli/connections.ts';
import { huggingFaceServers } from '../../../src/hub/servers.ts';

const company = { hubUrl: 'https://hub.acme.example/', endpointsUrl: 'https://endpoints.acme.example' };
const acme = editor({ servers: company, providerUrls: { groq: 'https://groq.acme.example' } });
const bare = editor({});

function editor(
  settings: { servers?: object; providerUrls?: object },
  environment: Record<string, string> = {},
): EditorConnections {
  return editorConnections('/storage', { servers: {}, providerUrls: {}, ...settings }, environment);
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  throw new Error('not refused');
}

describe("an editor's terminal", () => {
  it('is known by what VS Code sets after the settings of a workspace', () => {
    for (const name of ['VSCODE_IPC_HOOK_CLI', 'VSCODE_GIT_IPC_HANDLE', 'HEADROOM_NODE']) {
      assert.notEqual(editorsOf({ [name]: '' }), undefined, name);
    }
    assert.notEqual(editorsOf({ TERM_PROGRAM: 'vscode' }), undefined);
    assert.equal(
      editorsOf({ TERM_PROGRAM: 'iTerm.app', HEADROOM_HUB_URL: 'https://hub.example' }),
      undefined,
    );
  });
});

describe("servers in an editor's terminal", () => {
  it('are refused when the environment alone names them', () => {
    for (const [variable, url, setting] of [
      ['HEADROOM_HUB_URL', 'https://evil.example', 'headroom.hubUrl'],
      ['HEADROOM_ROUTER_URL', 'https://router.huggingface.co.evil.example', 'headroom.routerUrl'],
      ['HEADROOM_ENDPOINTS_URL', 'https://api.endpoints.huggingface.cloud/evil', 'headroom.endpointsUrl'],
      ['HEADROOM_HUB_URL', 'https://router.huggingface.co', 'headroom.hubUrl'],
      ['HEADROOM_HUB_URL', 'https://localhost.evil.example', 'headroom.hubUrl'],
    ] as const) {
      const message = refusal(() => configuredServers({ [variable]: url }, [bare]));
      assert.ok(message.startsWith(`${variable} is ${url}, which is not a server of your editor's`), message);
      assert.ok(message.includes(`set ${setting} in the user settings`), message);
      assert.throws(() => configuredServers({ [variable]: url }, []), UsageError);
    }
  });

  it("are the editor's when the environment names none", () => {
    assert.deepEqual(configuredServers({}, [acme]), {
      ...huggingFaceServers,
      hubUrl: 'https://hub.acme.example',
      endpointsUrl: 'https://endpoints.acme.example',
    });
    assert.deepEqual(configuredProviderUrls({}, [acme]), { groq: 'https://groq.acme.example' });
  });

  it("are Hugging Face's when the environment names none and two editors differ", () => {
    assert.deepEqual(configuredServers({}, [acme, bare]), huggingFaceServers);
    assert.deepEqual(configuredProviderUrls({}, [acme, bare]), {});
    assert.deepEqual(configuredServers({}, []), huggingFaceServers);
  });

  it("may be Hugging Face's, on this machine, or of any editor's user settings", () => {
    for (const url of [
      'https://huggingface.co/',
      'http://127.0.0.1:80',
      'http://localhost:1',
      'https://hub.acme.example',
    ]) {
      const { hubUrl } = configuredServers({ HEADROOM_HUB_URL: url }, [bare, acme]);
      assert.equal(hubUrl, url.replace(/\/$/, '').replace(/:80$/, ''));
    }
    const withVersion = { HEADROOM_ENDPOINTS_URL: 'https://endpoints.acme.example/v2' };
    assert.equal(configuredServers(withVersion, [acme]).endpointsUrl, 'https://endpoints.acme.example/v2');
  });

  it('of a provider are refused in the same way, each by its own provider’s URL', () => {
    const json = (urls: object) => ({ HEADROOM_PROVIDER_URLS: JSON.stringify(urls) });
    const evil = refusal(() => configuredProviderUrls(json({ groq: 'https://evil.example' }), [acme]));
    assert.match(evil, /^HEADROOM_PROVIDER_URLS\.groq is https:\/\/evil\.example, /);
    // acme's server for Groq gets no other provider's key
    refusal(() => configuredProviderUrls(json({ cerebras: 'https://groq.acme.example' }), [acme]));
    refusal(() => configuredProviderUrls(json({ constructor: 'https://evil.example' }), [acme]));
    for (const groq of [
      'https://groq.acme.example',
      'http://[::1]:1',
      providers.find(({ id }) => id === 'groq')?.baseUrl ?? '',
    ]) {
      assert.deepEqual(configuredProviderUrls(json({ groq }), [acme]), { groq });
    }
  });

  it('are never another host than Hugging Face’s, this machine’s or the user’s, whatever the environment (property)', () => {
    const host = fc.oneof(
      fc.domain(),
      fc.constantFrom('huggingface.co', 'hub.acme.example', '127.0.0.1', '127.1', 'localhost', '[::1]'),
      fc.constantFrom(
        '0.0.0.0',
        '2130706433',
        '[::ffff:7f00:1]',
        'huggingface.co.',
        'LOCALHOST',
        'ⓗuggingface.co',
      ),
      fc.domain().map(domain => `huggingface.co.${domain}`),
      fc.domain().map(domain => `huggingface.co@${domain}`),
    );
    const url = fc
      .tuple(
        fc.constantFrom('https://', 'http://', 'HTTPS:\\\\', ' https://'),
        host,
        fc.constantFrom('', '/', '/v2', ':8443', '/a b'),
      )
      .map(parts => parts.join(''));
    const allowed = /^(huggingface\.co|hub\.acme\.example|127\.\d+\.\d+\.\d+|(.+\.)?localhost|\[::1\])$/;
    fc.assert(
      fc.property(url, text => {
        try {
          const { hubUrl } = configuredServers({ HEADROOM_HUB_URL: text }, [acme]);
          assert.match(new URL(hubUrl).hostname, allowed);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('servers outside an editor', () => {
  it('are those of the environment', () => {
    const environment = {
      HEADROOM_HUB_URL: 'https://hub.example',
      HEADROOM_PROVIDER_URLS: '{"groq":"https://groq.example"}',
    };
    assert.equal(configuredServers(environment, undefined).hubUrl, 'https://hub.example');
    assert.deepEqual(configuredProviderUrls(environment, undefined), { groq: 'https://groq.example' });
    assert.deepEqual(configuredServers({}, undefined), huggingFaceServers);
  });
});

describe("the first line of a command's output", () => {
  it("names servers that are not Hugging Face's or the provider's own", () => {
    const servers = configuredServers({ HEADROOM_ROUTER_URL: 'http://127.0.0.1:1/router' }, [acme]);
    const urls = { groq: 'https://groq.acme.example', cerebras: 'https://api.cerebras.ai' };
    assert.equal(
      serversLine(servers, urls),
      "Servers other than Hugging Face's: Hub https://hub.acme.example, router http://127.0.0.1:1/router, Inference Endpoints https://endpoints.acme.example, Groq https://groq.acme.example",
    );
  });

  it("is missing for Hugging Face's servers, with or without /v2", () => {
    const endpointsUrl = 'https://api.endpoints.huggingface.cloud/v2';
    assert.equal(serversLine({ ...huggingFaceServers, endpointsUrl }, {}), undefined);
  });
});

describe("certificates in an editor's terminal", () => {
  const foreign = {
    NODE_EXTRA_CA_CERTS: '/repo/ca.pem',
    SSL_CERT_FILE: '/repo/ca.pem',
    SSL_CERT_DIR: '/repo',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  };

  it("are dropped unless they are the editor's own", () => {
    const environment: Record<string, string> = { ...foreign, PATH: '/bin' };
    assert.deepEqual(dropForeignCertificates(environment, [bare]), Object.keys(foreign));
    assert.deepEqual(environment, { PATH: '/bin' });
    const own = { ...foreign };
    assert.deepEqual(dropForeignCertificates(own, [editor({}, foreign)]), []);
    assert.deepEqual(own, foreign);
  });

  it('are kept outside an editor', () => {
    const environment = { ...foreign };
    assert.deepEqual(dropForeignCertificates(environment, undefined), []);
    assert.deepEqual(environment, foreign);
  });
});
