import assert from 'node:assert/strict';
import { childEnvironment } from '../../../../src/ui/gateway/childEnvironment.ts';

describe('childEnvironment', () => {
  it('keeps what Node and the system need', () => {
    const environment = { PATH: '/bin', HOME: '/home/ada', NODE_EXTRA_CA_CERTS: '/ca.pem', TZ: 'UTC' };
    assert.deepEqual(childEnvironment(environment), { ...environment, ELECTRON_RUN_AS_NODE: '1' });
  });

  it('drops tokens, keys and passwords', () => {
    const secrets = {
      HF_TOKEN: 'x',
      HUGGING_FACE_HUB_TOKEN: 'x',
      GROQ_API_KEY: 'x',
      FAL_KEY: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      PGPASSWORD: 'x',
      https_proxy: 'http://user:password@proxy:1',
    };
    assert.deepEqual(childEnvironment(secrets), { ELECTRON_RUN_AS_NODE: '1' });
  });

  it('drops variables that change what the process runs or where it connects', () => {
    const editor = {
      NODE_OPTIONS: '--inspect',
      NODE_DEBUG: 'http',
      NODE_PATH: '/evil',
      NODE_COMPILE_CACHE: '/evil',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      OPENSSL_CONF: '/evil',
      SSLKEYLOGFILE: '/keys',
      VSCODE_IPC_HOOK: 'x',
      HEADROOM_STATE: 'x',
      UNSET: undefined,
    };
    assert.deepEqual(childEnvironment(editor), { ELECTRON_RUN_AS_NODE: '1' });
  });
});
