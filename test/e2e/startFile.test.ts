import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pictureFailures } from './pictures.ts';
import { openTerminal, runInTerminal } from './terminal.ts';
import { Workbench } from './workbench.ts';

/** A .bashrc with other API addresses, keys and proxy exceptions. */
const startFile = `
export OPENAI_API_KEY=sk-of-the-start-file OPENAI_BASE_URL=https://elsewhere.test/v1
export ANTHROPIC_AUTH_TOKEN=sk-ant-of-the-start-file HF_ENDPOINT=https://mirror.test
export NO_PROXY=.of-the-start-file RESET=yes
PATH=/usr/local/bin:/usr/bin:/bin
`;
const proxy = 'http://127.0.0.1:9';

/** Environment of a program in the focused terminal. */
async function variables(workbench: Workbench): Promise<Record<string, string>> {
  const file = path.join(workbench.host.dirs.ws, `variables-${randomUUID()}`);
  await runInTerminal(workbench, `env > '${file}.part'; mv '${file}.part' '${file}'`);
  while (!fs.existsSync(file)) await new Promise(resolve => setTimeout(resolve, 50));
  const lines = fs.readFileSync(file, 'utf8').matchAll(/^(\w+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
}

async function assertLeadsToGateway(found: Record<string, string>): Promise<void> {
  const { OPENAI_BASE_URL, OPENAI_API_KEY, HF_ENDPOINT, PATH, RESET } = found;
  assert.equal(RESET, 'yes');
  assert.match(OPENAI_API_KEY ?? '', /^hf_headroom_/);
  assert.match(PATH ?? '', /\/dist\/bin:.*\/usr\/local\/bin/);
  assert.match(HF_ENDPOINT ?? '', /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(found.NO_PROXY ?? '', /^\.of-the-start-file,.*\b127\.0\.0\.1,localhost$/);
  assert.match(found.no_proxy ?? '', /^\.of-the-machine,127\.0\.0\.1,localhost/);
  const headers = { authorization: `Bearer ${OPENAI_API_KEY}` };
  assert.equal((await fetch(`${OPENAI_BASE_URL}/models`, { headers })).status, 200);
}

for (const inAll of [false, true]) {
  describe(`shell start file, Headroom in ${inAll ? 'all terminals' : 'one terminal'}:`, () => {
    let workbench: Workbench;
    before(async () => {
      workbench = await Workbench.open({
        signedIn: true,
        settings: {
          'terminal.integrated.shellIntegration.enabled': true,
          'terminal.integrated.profiles.linux': { bash: { path: '/bin/bash' } },
          ...(inAll && { 'headroom.environment.openai': true, 'headroom.environment.huggingface': true }),
        },
        env: { http_proxy: proxy, no_proxy: '.of-the-machine' },
      });
      fs.writeFileSync(path.join(workbench.host.dirs.home, '.bashrc'), startFile);
      await workbench.statusBarReads('$0.98 left');
      if (inAll) await workbench.logSays('The gateway listens');
    });
    after(() => workbench?.close());
    pictureFailures(() => workbench);

    it('New Terminal with Headroom: programs reach the gateway', async () => {
      await openTerminal(workbench, 'Headroom: New Terminal with Headroom');
      const found = await variables(workbench);
      await assertLeadsToGateway(found);
      assert.equal(found.ANTHROPIC_AUTH_TOKEN, found.OPENAI_API_KEY);
      assert.ok(!Object.keys(found).some(name => name.startsWith('VSCODE_ENV_')));
    });

    it(`another terminal: programs reach ${inAll ? 'the gateway' : 'the start file’s address'}`, async () => {
      await openTerminal(workbench);
      const found = await variables(workbench);
      assert.equal(found.ANTHROPIC_AUTH_TOKEN, 'sk-ant-of-the-start-file');
      if (inAll) return await assertLeadsToGateway(found);
      assert.equal(found.OPENAI_API_KEY, 'sk-of-the-start-file');
      assert.equal(found.OPENAI_BASE_URL, 'https://elsewhere.test/v1');
      assert.equal(found.NO_PROXY, '.of-the-start-file');
    });
  });
}
