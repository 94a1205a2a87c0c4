import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { afterStartFiles } from '../../../../src/ui/programs/afterStartFiles.ts';

const none = { replace: {}, prepend: {}, append: {} };

describe('afterStartFiles', () => {
  it('writes each kind of change in VS Code’s form', () => {
    const replace = { OPENAI_BASE_URL: 'http://127.0.0.1:4100/v1', OPENAI_API_KEY: 'hf_headroom_a=b' };
    assert.deepEqual(
      afterStartFiles({ replace, prepend: { PATH: '/the/bin:' }, append: { NO_PROXY: ',a' } }),
      {
        VSCODE_ENV_REPLACE: 'OPENAI_BASE_URL=http\\x3a//127.0.0.1\\x3a4100/v1:OPENAI_API_KEY=hf_headroom_a=b',
        VSCODE_ENV_PREPEND: 'PATH=/the/bin\\x3a',
        VSCODE_ENV_APPEND: 'NO_PROXY=,a',
      },
    );
  });

  it('empties the lists without changes, which a workspace’s settings could fill, and leaves out backslashes', () => {
    const empty = { VSCODE_ENV_REPLACE: '', VSCODE_ENV_PREPEND: '', VSCODE_ENV_APPEND: '' };
    assert.deepEqual(afterStartFiles(none), empty);
    assert.deepEqual(afterStartFiles({ ...none, replace: { HEADROOM_STATE: 'C:\\new' } }), empty);
  });

  it('writes values that bash reads back with VS Code’s script', function () {
    const value = '{"groq":"https://groq.test/a b"}';
    const { VSCODE_ENV_REPLACE } = afterStartFiles({ ...none, replace: { HEADROOM_TEST: value } });
    const script =
      'IFS=":" read -ra ADDR <<< "$VSCODE_ENV_REPLACE"; echo -e "$' + '{ADDR[0]}" | cut -d "=" -f 2-';
    const env = { PATH: process.env.PATH, VSCODE_ENV_REPLACE };
    const { error, stdout } = spawnSync('bash', ['-c', script], { env, encoding: 'utf8' });
    if (error) this.skip();
    assert.equal(stdout, `${value}\n`);
  });
});
