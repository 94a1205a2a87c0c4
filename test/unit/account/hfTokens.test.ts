import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { findHfTokens, gatewayKeysFound, readHfToken, tokenPaths } from '../../../src/account/hfTokens.ts';
import { newGatewayKey } from '../../../src/gateway/gatewayKey.ts';
import { anyChange, anyKey } from '../limits/refusals/changedKeys.ts';

describe("tokens of HF's tools", () => {
  let home: string;
  beforeEach(() => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-home-'));
  });
  afterEach(() => fs.rmSync(home, { recursive: true }));

  const write = (file: string, text: string) => {
    const whole = path.join(home, file);
    fs.mkdirSync(path.dirname(whole), { recursive: true });
    fs.writeFileSync(whole, text);
    return whole;
  };
  const found = (environment: Record<string, string> = {}) => findHfTokens(environment, home);

  it('are empty on a machine without any', () => {
    assert.deepEqual(found(), []);
  });

  it('are listed in the order environment, token file, stored tokens', () => {
    const tokenFile = write('.cache/huggingface/token', 'hf_file');
    const stored = write('.cache/huggingface/stored_tokens', '[laptop]\nhf_token = hf_laptop\n');
    assert.deepEqual(found({ HUGGING_FACE_HUB_TOKEN: 'hf_old', HF_TOKEN: 'hf_new' }), [
      { source: { kind: 'environment', variable: 'HF_TOKEN' }, token: 'hf_new' },
      { source: { kind: 'environment', variable: 'HUGGING_FACE_HUB_TOKEN' }, token: 'hf_old' },
      { source: { kind: 'token-file', path: tokenFile }, token: 'hf_file' },
      { source: { kind: 'stored-token', path: stored, name: 'laptop' }, token: 'hf_laptop' },
    ]);
  });

  const places: [what: string, environment: (home: string) => Record<string, string>, file: string][] = [
    ['HF_TOKEN_PATH', at => ({ HF_TOKEN_PATH: `${at}/mine/tok`, HF_HOME: `${at}/no` }), 'mine/tok'],
    ['HF_HOME', at => ({ HF_HOME: `${at}/hub`, XDG_CACHE_HOME: `${at}/no` }), 'hub/token'],
    ['XDG_CACHE_HOME', at => ({ XDG_CACHE_HOME: `${at}/xdg` }), 'xdg/huggingface/token'],
    ['~ in HF_HOME', () => ({ HF_HOME: '~/hub' }), 'hub/token'],
    ['a variable in HF_HOME', at => ({ HF_HOME: '$DATA/hub', DATA: at }), 'hub/token'],
    ['a braced variable', at => ({ HF_TOKEN_PATH: '$' + '{DATA}/tok', DATA: at }), 'tok'],
    ['an empty HF_HOME', () => ({ HF_HOME: '' }), '.cache/huggingface/token'],
  ];
  for (const [what, environment, file] of places) {
    it(`are found through ${what}`, () => {
      const whole = write(file, 'hf_file\n');
      assert.deepEqual(found(environment(home)), [
        { source: { kind: 'token-file', path: whole }, token: 'hf_file' },
      ]);
    });
  }

  const user = 'C:\\Users\\ada';
  for (const [environment, file] of [
    [{}, `${user}\\.cache\\huggingface\\token`],
    [{ HF_HOME: '~\\hub' }, `${user}\\hub\\token`],
    [{ HF_HOME: '~/hub' }, `${user}\\hub\\token`],
    [{ HF_HOME: '~ada\\hub' }, '~ada\\hub\\token'],
    [{ HF_HOME: '%USERPROFILE%\\hub', USERPROFILE: user }, `${user}\\hub\\token`],
    [{ HF_TOKEN_PATH: '$DATA\\%WHO%\\t', DATA: 'D:', WHO: 'me' }, 'D:\\me\\t'],
    [{ HF_TOKEN_PATH: '%NOWHERE%\\t' }, '%NOWHERE%\\t'],
  ] as [Record<string, string>, string][]) {
    it(`are found on Windows as Python does with ${JSON.stringify(environment)}`, () => {
      const { tokenFile, storedTokens } = tokenPaths(environment, user, 'win32');
      assert.equal(tokenFile, file);
      assert.equal(storedTokens, `${path.win32.dirname(file)}\\stored_tokens`);
    });
  }

  it('keep %NAME% as written on other systems', () => {
    const environment = { HF_TOKEN_PATH: '~\\%DATA%/t', DATA: 'D' };
    assert.equal(tokenPaths(environment, '/home/ada', 'linux').tokenFile, '~\\%DATA%/t');
  });

  it('have no white space, and are missing when there is nothing else', () => {
    write('.cache/huggingface/token', '  hf_file\r\n\n');
    assert.deepEqual(
      found({ HF_TOKEN: 'hf_new\n', HUGGING_FACE_HUB_TOKEN: ' \n' }).map(({ token }) => token),
      ['hf_new', 'hf_file'],
    );
  });

  it('have the names of `hf auth login`, with dots and blanks', () => {
    write(
      '.cache/huggingface/stored_tokens',
      [
        '[laptop.work]',
        'hf_token = hf_work',
        'refresh_token = hf_refresh',
        '',
        '# a comment',
        '[my own token]',
        'HF_TOKEN: hf_own',
        '[constructor]',
        'hf_token=hf_proto',
        '[a]b]',
        'hf_token = hf_bracket',
        '[empty]',
        'hf_token =',
        '[no token]',
        'expires_at = 1790000000',
      ].join('\r\n'),
    );
    assert.deepEqual(
      found().map(({ source, token }) => [source.kind === 'stored-token' && source.name, token]),
      [
        ['laptop.work', 'hf_work'],
        ['my own token', 'hf_own'],
        ['constructor', 'hf_proto'],
        ['a]b', 'hf_bracket'],
      ],
    );
  });

  it('are stored beside the token file', () => {
    const stored = write('mine/stored_tokens', '[work]\nhf_token = hf_work\n');
    assert.deepEqual(found({ HF_TOKEN_PATH: path.join(home, 'mine/tok') }), [
      { source: { kind: 'stored-token', path: stored, name: 'work' }, token: 'hf_work' },
    ]);
  });

  it('are missing in a folder or a binary file', () => {
    fs.mkdirSync(path.join(home, '.cache/huggingface/token'), { recursive: true });
    write('.cache/huggingface/stored_tokens', '\0\0hf_token = hf_lost\n[open\nhf_token = hf_lost\n');
    assert.deepEqual(found(), []);
  });

  it('are none in a private key, a huge file or a pipe that HF_TOKEN_PATH names', function () {
    const key =
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE=\n-----END OPENSSH PRIVATE KEY-----\n';
    for (const file of [write('id_ed25519', key), write('huge', 'a'.repeat(65 * 1024))]) {
      assert.deepEqual(found({ HF_TOKEN_PATH: file }), []);
      assert.equal(readHfToken({ kind: 'token-file', path: file }), undefined);
    }
    const pipe = path.join(home, 'pipe');
    if (spawnSync('sh', ['-c', 'mkfifo "$0"', pipe]).status !== 0) this.skip();
    assert.deepEqual(found({ HF_TOKEN_PATH: pipe }), []);
  });

  it('never include a key of the gateway, whose source is listed apart', () => {
    const key = newGatewayKey();
    const tokenFile = write('.cache/huggingface/token', `${key}\n`);
    const stored = write(
      '.cache/huggingface/stored_tokens',
      `[key]\nhf_token = ${key}\n[laptop]\nhf_token = hf_laptop\n`,
    );
    const environment = { HF_TOKEN: ` ${key}`, HUGGING_FACE_HUB_TOKEN: 'hf_old' };
    assert.deepEqual(
      found(environment).map(({ token }) => token),
      ['hf_old', 'hf_laptop'],
    );
    const sources = [
      { kind: 'environment', variable: 'HF_TOKEN' },
      { kind: 'token-file', path: tokenFile },
      { kind: 'stored-token', path: stored, name: 'key' },
    ] as const;
    assert.deepEqual(gatewayKeysFound(environment, home), sources);
    for (const source of sources) assert.equal(readHfToken(source, environment), undefined);
    assert.deepEqual(gatewayKeysFound({ HF_TOKEN: 'hf_new' }, path.join(home, 'none')), []);
  });

  it('never include what became of a key of the gateway (property)', () => {
    fc.assert(
      fc.property(anyKey, anyChange, (key, change) => {
        const environment = { HF_TOKEN: change(key), HUGGING_FACE_HUB_TOKEN: 'hf_old' };
        assert.deepEqual(
          found(environment).map(({ token }) => token),
          ['hf_old'],
        );
        assert.equal(readHfToken({ kind: 'environment', variable: 'HF_TOKEN' }, environment), undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('are read again from their source', () => {
    const tokenFile = write('token', 'hf_one');
    const stored = write('stored_tokens', '[work.a]\nhf_token = hf_a\n');
    const fromFile = { kind: 'token-file', path: tokenFile } as const;
    const byName = { kind: 'stored-token', path: stored, name: 'work.a' } as const;
    assert.deepEqual([readHfToken(fromFile), readHfToken(byName)], ['hf_one', 'hf_a']);
    write('token', 'hf_two\n');
    write('stored_tokens', '[work.b]\nhf_token = hf_b\n');
    assert.deepEqual([readHfToken(fromFile), readHfToken(byName)], ['hf_two', undefined]);
    fs.rmSync(tokenFile);
    assert.equal(readHfToken(fromFile), undefined);
    const variable = { kind: 'environment', variable: 'HF_TOKEN' } as const;
    assert.equal(readHfToken(variable, { HF_TOKEN: 'hf_env\n' }), 'hf_env');
    assert.equal(readHfToken(variable, {}), undefined);
  });
});
