import assert from 'node:assert/strict';
import path from 'node:path';
import { type Environment, stateDirectory } from '../../../src/cli/configuration.ts';

function onLinux(environment: Environment, option?: string): string {
  return stateDirectory(option, environment, 'linux', '/home/ada');
}

describe('stateDirectory:', () => {
  it('--state, else HEADROOM_STATE, as an absolute path', () => {
    const environment = { HEADROOM_STATE: '/from/variable', XDG_STATE_HOME: '/xdg' };
    assert.equal(onLinux(environment, 'here'), path.resolve('here'));
    assert.equal(onLinux(environment), '/from/variable');
    assert.equal(onLinux({ HEADROOM_STATE: ' ' }), '/home/ada/.local/state/headroom');
  });

  it("else the platform's folder for state", () => {
    assert.equal(onLinux({}), '/home/ada/.local/state/headroom');
    assert.equal(onLinux({ XDG_STATE_HOME: '/state' }), '/state/headroom');
    assert.equal(onLinux({ XDG_STATE_HOME: 'relative' }), '/home/ada/.local/state/headroom');
    const mac = stateDirectory(undefined, {}, 'darwin', '/Users/ada');
    assert.equal(mac, '/Users/ada/Library/Application Support/headroom');
    const windows = stateDirectory(undefined, { LOCALAPPDATA: '/local' }, 'win32', '/u');
    assert.equal(windows, path.join('/local', 'headroom'));
  });
});
