import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { type CompanyProxy, startCompanyProxy } from './companyProxy.ts';
import { cliFile, temporaryFolder } from './runCli.ts';

const run = promisify(execFile);

/** Arguments of `sh` for the pasted lines and a command. */
const shellArgs = (lines: string, command: string) => ['-c', `${lines}\n${command}`];

describe('programs behind a proxy, with the variables that headroom gateway prints:', function () {
  this.timeout(30_000);
  let emulator: Emulator;
  let proxy: CompanyProxy;
  let folder: string;
  let clean: () => void;
  let child: ChildProcess;

  before(async function () {
    if (process.platform === 'win32') this.skip();
    emulator = await startEmulator({ scenario: 'pro' });
    proxy = await startCompanyProxy({ target: 1 });
    ({ folder, clean } = temporaryFolder());
  });
  after(async () => {
    await proxy.close();
    await emulator.close();
    clean();
  });
  beforeEach(() => {
    proxy.heads.length = 0;
  });
  afterEach(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });

  /** Output of `headroom gateway`. */
  async function printed(environment: Record<string, string>): Promise<string> {
    child = spawn(process.execPath, [cliFile, 'gateway'], {
      env: {
        HOME: folder,
        PATH: process.env.PATH ?? '',
        HEADROOM_STATE: path.join(folder, 'state'),
        HEADROOM_HUB_URL: emulator.hubUrl,
        HEADROOM_ROUTER_URL: emulator.routerUrl,
        HF_TOKEN: tokens.ada,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    for await (const part of child.stdout?.setEncoding('utf8') ?? []) {
      text += part;
      if (text.endsWith('It serves until Ctrl+C.\n')) break;
    }
    return text;
  }
  const exportsIn = (text: string) => text.match(/^ {2}export .*$/gm)?.join('\n') ?? '';
  const proxied = () => ({ http_proxy: proxy.url, HTTP_PROXY: proxy.url });

  it('curl reaches the gateway, and its key never meets the proxy', async () => {
    const noProxy = "it's.example, .corp";
    const lines = exportsIn(await printed({ ...proxied(), NO_PROXY: noProxy }));
    const command =
      'curl -sS "$OPENAI_BASE_URL/models" -H "Authorization: Bearer $OPENAI_API_KEY"; echo; echo "$NO_PROXY"; echo "$no_proxy"';
    const env = { PATH: process.env.PATH, ...proxied() };
    const { stdout } = await run('sh', shellArgs(lines, command), { env });
    const [models = '', ...names] = stdout.trim().split('\n');
    assert.match(models, /^\{"object":"list"/);
    assert.deepEqual(names, [`${noProxy},127.0.0.1,localhost`, `${noProxy},127.0.0.1,localhost`]);
    assert.deepEqual(proxy.heads, []);
  });

  it('the openai package reaches it, on a Node that takes its proxy from the environment', async () => {
    const lines = exportsIn(await printed(proxied()));
    const script = `import OpenAI from 'openai'; const { data } = await new OpenAI({ maxRetries: 0 }).models.list(); console.log(data.length > 0)`;
    const command = `exec "$NODE" --input-type=module -e "${script}"`;
    const env = { PATH: process.env.PATH, NODE: process.execPath, NODE_USE_ENV_PROXY: '1', ...proxied() };
    const { stdout } = await run('sh', shellArgs(lines, command), { env });
    assert.equal(stdout, 'true\n');
    assert.deepEqual(proxy.heads, []);
  });

  it('NO_PROXY is explained in a sentence, only where a proxy is set', async () => {
    assert.match(await printed(proxied()), /\nNO_PROXY keeps .* proxy .*\.\n/);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    assert.doesNotMatch(await printed({ NO_PROXY: 'a' }), /proxy/i);
  });
});
