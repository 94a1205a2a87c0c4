import assert from 'node:assert/strict';
import { textOfOutput } from '../../../src/watch/notebookOutput.ts';
import { terminalCommand } from '../../../src/watch/refusalReader.ts';
import { serverNames } from '../../../src/watch/serverNames.ts';

describe('the servers of reported refusals', () => {
  const nameServer = serverNames({
    hubUrl: 'http://127.0.0.1:5001/',
    routerUrl: 'http://127.0.0.1:5001/router',
    gatewayUrl: 'http://127.0.0.1:6000',
    gatewayHubUrl: 'http://127.0.0.1:6001',
    providerUrls: { groq: 'http://127.0.0.1:7000/groq' },
  });

  it('are Hugging Face’s and its partners’', () => {
    assert.equal(nameServer('https://huggingface.co/api/models')?.answeredBy, 'huggingface');
    assert.equal(nameServer('https://cdn-lfs.hf.co/x')?.answeredBy, 'huggingface');
    assert.equal(nameServer('https://api.groq.com/openai/v1/models')?.answeredBy, 'groq');
    assert.equal(nameServer('https://router.huggingface.co/groq/openai/v1/x')?.answeredBy, 'groq');
    const routed = nameServer('https://router.huggingface.co/v1/chat/completions');
    assert.deepEqual(routed, {
      answeredBy: undefined,
      url: 'https://router.huggingface.co/v1/chat/completions',
    });
  });

  it('are those of the settings and the gateway, under their usual names', () => {
    for (const [own, usual] of [
      ['http://127.0.0.1:5001/api/models', 'https://huggingface.co/api/models'],
      ['http://127.0.0.1:5001/router/v1/x', 'https://router.huggingface.co/v1/x'],
      ['http://127.0.0.1:6000/hub/api/whoami-v2', 'https://huggingface.co/api/whoami-v2'],
      ['http://127.0.0.1:6001/api/whoami-v2', 'https://huggingface.co/api/whoami-v2'],
      ['http://127.0.0.1:6000/v1/chat/completions', 'https://router.huggingface.co/v1/chat/completions'],
    ] as const) {
      assert.equal(nameServer(own)?.url, usual);
    }
    assert.equal(nameServer('http://127.0.0.1:7000/groq/openai/v1')?.answeredBy, 'groq');
  });

  it('are not those of others', () => {
    for (const url of [
      'https://api.github.com/users',
      'http://127.0.0.1:50010/api',
      'http://127.0.0.1:7000/groqqy',
      'http://localhost:8000/v1/models',
      'https://huggingface.co.example.org/',
      'nonsense',
      '',
    ]) {
      assert.equal(nameServer(url), undefined, url);
    }
  });
});

describe('a command line', () => {
  const programOf = (line: string) => terminalCommand(line)?.program;

  it('is shown without secrets, and shortened', () => {
    assert.equal(programOf('  python   train.py '), 'python train.py');
    assert.equal(programOf(''), undefined);
    const program =
      programOf('curl -H "Authorization: Bearer hf_abcdefghijklmnop" https://huggingface.co/api') ?? '';
    assert.equal(program.includes('abcdefgh'), false);
    assert.equal(programOf('python a.py '.repeat(30))?.length, 200);
  });

  it('that shows files is not read', () => {
    for (const line of ['cat error.log', 'git log -p', 'sudo less x', 'rg 429', 'tail -f out.log'])
      assert.equal(terminalCommand(line), undefined, line);
    for (const line of ['python cat.py', 'git push', 'hf download gpt2']) {
      assert.equal(programOf(line), line);
    }
  });

  it('has the URL of curl', () => {
    assert.equal(
      terminalCommand("curl -i 'https://huggingface.co/api/models' | jq")?.url,
      'https://huggingface.co/api/models',
    );
    assert.equal(terminalCommand('python x.py https://example.org')?.url, undefined);
  });
});

describe('the output of a notebook cell', () => {
  const item = (mime: string, text: string) => ({ mime, data: new TextEncoder().encode(text) });

  it('is read as text', () => {
    const error = 'application/vnd.code.notebook.error';
    assert.equal(textOfOutput(item(error, '{"name":"A","message":"b","stack":"at x"}')), 'at x\nA: b\n');
    assert.equal(
      textOfOutput(item(error, '{"name":"A","message":"b","stack":"A: b\\n at x"}')),
      'A: b\n at x\n',
    );
    assert.equal(textOfOutput(item(error, 'no JSON')), undefined);
    assert.equal(textOfOutput(item('application/vnd.code.notebook.stderr', 'x')), 'x');
    assert.equal(textOfOutput(item('image/png', 'x')), undefined);
  });
});
