import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  editorConnections,
  editorsFolder,
  readEditorConnections,
  writeEditorConnections,
} from '../../../src/account/editorConnections.ts';

describe("editors' connections", () => {
  let root: string;
  let folder: string;
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-editors-'));
    folder = path.join(root, 'state', 'editors');
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  /** An editor whose extension has its folder. */
  function install(name: string): string {
    const storage = path.join(root, name);
    fs.mkdirSync(storage);
    return storage;
  }
  const connections = (storage: string, hubUrl?: string) =>
    editorConnections(storage, { servers: { hubUrl }, providerUrls: undefined }, {});

  it('are read as they were written, one for each editor, the newest of each', () => {
    const [code = '', cursor = ''] = ['code', 'cursor'].map(install);
    writeEditorConnections(folder, connections(code, 'https://old.example'));
    writeEditorConnections(folder, connections(cursor));
    const settings = {
      servers: { hubUrl: 'https://hub.example', routerUrl: undefined },
      providerUrls: { groq: 'https://groq.example', odd: 7 },
    };
    const environment = { NODE_EXTRA_CA_CERTS: '/ca.pem', HF_TOKEN: 'hf_secret' };
    writeEditorConnections(folder, editorConnections(code, settings, environment));
    const found = readEditorConnections(folder);
    assert.deepEqual(
      found.find(({ storage }) => storage === code),
      {
        storage: code,
        servers: { hubUrl: 'https://hub.example' },
        providerUrls: { groq: 'https://groq.example' },
        certificates: { NODE_EXTRA_CA_CERTS: '/ca.pem' },
      },
    );
    assert.equal(found.length, 2);
    assert.ok(!fs.readdirSync(folder).some(name => !name.endsWith('.json')));
  });

  it('can be read by this user only', function () {
    if (process.platform === 'win32') this.skip();
    writeEditorConnections(folder, connections(install('code')));
    const [file = ''] = fs.readdirSync(folder);
    assert.equal(fs.statSync(folder).mode & 0o777, 0o700);
    assert.equal(fs.statSync(path.join(folder, file)).mode & 0o777, 0o600);
  });

  it('of a deleted editor count no more, and their file goes with the next write', () => {
    const [code = '', gone = ''] = ['code', 'gone'].map(install);
    writeEditorConnections(folder, connections(gone, 'https://gone.example'));
    fs.rmSync(gone, { recursive: true });
    assert.deepEqual(readEditorConnections(folder), []);
    writeEditorConnections(folder, connections(code));
    assert.equal(fs.readdirSync(folder).length, 1);
  });

  it('are written before the extension has its folder', () => {
    writeEditorConnections(folder, connections(path.join(root, 'later')));
    assert.equal(fs.readdirSync(folder).length, 1);
  });

  it('of a damaged file count as none', () => {
    fs.mkdirSync(folder, { recursive: true });
    for (const [index, text] of ['', '{', 'null', '[]', '{"storage":1}', '"x"'].entries()) {
      fs.writeFileSync(path.join(folder, `${index}.json`), text);
    }
    fs.mkdirSync(path.join(folder, 'folder.json'));
    assert.deepEqual(readEditorConnections(folder), []);
    assert.deepEqual(readEditorConnections(path.join(root, 'nowhere')), []);
  });

  it('are in a folder that no variable moves', () => {
    const { HOME, XDG_STATE_HOME } = process.env;
    const before = editorsFolder();
    Object.assign(process.env, { HOME: root, XDG_STATE_HOME: root, HEADROOM_STATE: root });
    try {
      assert.equal(editorsFolder(), before);
    } finally {
      for (const [name, value] of Object.entries({ HOME, XDG_STATE_HOME, HEADROOM_STATE: undefined })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});
