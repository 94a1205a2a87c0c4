import assert from 'node:assert/strict';
import path from 'node:path';
import { type Machine, stateDirectory } from '../../../src/cli/stateDirectory.ts';

const linux: Machine = { environment: {}, platform: 'linux', home: '/home/ada' };

describe('stateDirectory', () => {
  it('is what was asked for, the option before the variable, as an absolute path', () => {
    const machine = { ...linux, environment: { HEADROOM_STATE: '/from/variable', XDG_STATE_HOME: '/xdg' } };
    assert.equal(stateDirectory('here', machine), path.resolve('here'));
    assert.equal(stateDirectory(undefined, machine), '/from/variable');
    assert.equal(
      stateDirectory(undefined, { ...linux, environment: { HEADROOM_STATE: ' ' } }),
      '/home/ada/.local/state/headroom',
    );
  });

  it("is the platform's folder for state otherwise", () => {
    assert.equal(stateDirectory(undefined, linux), '/home/ada/.local/state/headroom');
    const xdg = (value: string) =>
      stateDirectory(undefined, { ...linux, environment: { XDG_STATE_HOME: value } });
    assert.equal(xdg('/state'), '/state/headroom');
    assert.equal(xdg('relative'), '/home/ada/.local/state/headroom');
    const mac = stateDirectory(undefined, { ...linux, platform: 'darwin', home: '/Users/ada' });
    assert.equal(mac, '/Users/ada/Library/Application Support/headroom');
    const windows = stateDirectory(undefined, {
      environment: { LOCALAPPDATA: '/local' },
      platform: 'win32',
      home: '/u',
    });
    assert.equal(windows, path.join('/local', 'headroom'));
  });
});
