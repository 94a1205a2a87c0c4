import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createServer } from 'node:https';
import path from 'node:path';
import { editorConnections, writeEditorConnections } from '../../src/account/editorConnections.ts';
import { stateFolder } from '../../src/account/stateFolder.ts';
import type { StatusJson } from '../../src/cli/json/statusJson.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { startCompanyProxy } from './companyProxy.ts';
import { json, listen } from './hubServer.ts';
import { runCli, temporaryFolder } from './runCli.ts';
import { selfSigned } from './selfSigned.ts';

describe("headroom in an editor's terminal, whose variables a workspace sets:", function () {
  this.timeout(30_000);
  let emulator: Emulator;
  let folder: string;
  let clean: () => void;
  before(async () => {
    emulator = await startEmulator({ scenario: 'pro', patch: { live: { intervalMs: 100 } } });
  });
  after(() => emulator.close());
  beforeEach(() => {
    ({ folder, clean } = temporaryFolder());
  });
  afterEach(() => clean());

  const storage = () => path.join(folder, 'storage');
  const run = (args: string[], environment: Record<string, string>, inEditor = true) =>
    runCli([...args, '--state', path.join(folder, 'state')], {
      environment: { ...(inEditor && { TERM_PROGRAM: 'vscode' }), HF_TOKEN: tokens.ada, ...environment },
      // the workspace's choice
      home: path.join(folder, 'repository'),
      userHome: folder,
    });

  /** What the extension writes for the user's settings. */
  function useEditor(servers: object, environment: Record<string, string> = {}, home = folder): void {
    fs.mkdirSync(storage(), { recursive: true });
    const connections = editorConnections(storage(), { servers, providerUrls: {} }, environment);
    writeEditorConnections(path.join(stateFolder({}, home), 'editors'), connections);
  }
  const emulated = () => ({ hubUrl: emulator.hubUrl, endpointsUrl: emulator.endpointsUrl });

  for (const args of [['status'], ['status', '--json'], ['gateway', '--json']]) {
    it(`${args.join(' ')}: another server than the user's is refused, and nothing is sent`, async () => {
      useEditor({});
      const { code, stdout, stderr } = await run(args, { HEADROOM_HUB_URL: 'https://evil.example' });
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(
        stderr,
        /^headroom: HEADROOM_HUB_URL is https:\/\/evil\.example, which is not a server of/,
      );
      assert.ok(!stderr.includes(tokens.ada));
    });
  }

  it('a workspace can forge no editor: HOME, XDG_STATE_HOME and HEADROOM_STATE are not followed', async () => {
    const forged = path.join(folder, 'repository');
    useEditor({ hubUrl: 'https://evil.example' }, {}, forged);
    const { code, stderr } = await run(['status'], {
      HEADROOM_HUB_URL: 'https://evil.example',
      HOME: forged,
      LOCALAPPDATA: path.join(forged, 'AppData', 'Local'),
      XDG_STATE_HOME: path.join(forged, '.local', 'state'),
      HEADROOM_STATE: path.join(forged, '.local', 'state', 'headroom'),
    });
    assert.equal(code, 2, stderr);
  });

  it("without variables, the editor's servers are used and named", async () => {
    useEditor(emulated());
    const { code, stdout, stderr } = await run(['status', '--json'], {});
    assert.equal(code, 0, stderr);
    assert.equal((JSON.parse(stdout) as StatusJson).account.name, 'ada');
    assert.match(
      stderr,
      new RegExp(`^headroom: Servers other than Hugging Face's: Hub ${emulator.hubUrl}, `),
    );
  });

  it('outside an editor, the environment decides', async () => {
    useEditor({});
    const { code, stdout, stderr } = await run(
      ['status'],
      { HEADROOM_HUB_URL: 'https://hub.invalid', HEADROOM_ENDPOINTS_URL: emulator.endpointsUrl },
      false,
    );
    assert.match(stdout, /^Servers other than Hugging Face's: Hub https:\/\/hub\.invalid, /);
    assert.notEqual(code, 2, stderr);
  });

  it("a proxy and certificates of the workspace don't get the token", async () => {
    const evil = await listen(json(200, {}), createServer(selfSigned));
    const proxy = await startCompanyProxy({ target: Number(new URL(evil.url).port) });
    const pem = path.join(folder, 'evil.pem');
    fs.writeFileSync(pem, selfSigned.cert);
    const hub = { HEADROOM_HUB_URL: 'https://hub.test', HEADROOM_ENDPOINTS_URL: emulator.endpointsUrl };
    const variables = {
      ...hub,
      HTTPS_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS: pem,
      SSL_CERT_FILE: pem,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    };
    try {
      useEditor({ hubUrl: 'https://hub.test' });
      const refused = await run(['status'], variables);
      assert.ok(proxy.connects.length > 0);
      assert.equal(evil.requests.length, 0);
      assert.match(
        refused.stderr,
        /headroom: NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, NODE_TLS_REJECT_UNAUTHORIZED not used: /,
      );
      // Node reads these certificates before Headroom runs
      const early = await run(['status'], { ...variables, NODE_USE_SYSTEM_CA: '1' });
      assert.equal(early.code, 2);
      assert.match(early.stderr, /NODE_USE_SYSTEM_CA and SSL_CERT_FILE/);
      assert.equal(evil.requests.length, 0);
      // the same file, where it is the editor's own choice
      useEditor({ hubUrl: 'https://hub.test' }, { NODE_EXTRA_CA_CERTS: pem });
      fs.rmSync(path.join(folder, 'state'), { recursive: true });
      await run(['status'], { ...hub, HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: pem });
      assert.ok(evil.requests.length > 0);
    } finally {
      await Promise.all([evil.close(), proxy.close()]);
    }
  });

  it('a state folder that is not the editor’s is named', async () => {
    useEditor({});
    const list = (state: string) =>
      runCli(['refusals'], {
        environment: { TERM_PROGRAM: 'vscode', HEADROOM_STATE: state },
        home: folder,
        userHome: folder,
      });
    const foreign = path.join(folder, 'repository', 'state');
    const { stderr } = await list(foreign);
    assert.ok(stderr.startsWith(`headroom: the data is in ${foreign}, which HEADROOM_STATE names.`), stderr);
    assert.equal((await list(storage())).stderr, '');
  });
});
