import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { personalProfile } from '../../../../src/billing/profile.ts';
import { allFamilies } from '../../../../src/gateway/programVariables.ts';
import {
  notebookCell,
  suffixes,
  terminalVariables,
  withoutFamiliesOf,
} from '../../../../src/ui/programs/gatewayVariables.ts';

const address = { url: 'http://127.0.0.1:4100', hub: 'http://127.0.0.1:4101', key: 'hf_headroom_test' };
const none = { openai: false, anthropic: false, huggingface: false };
const command = { HEADROOM_NODE: '/the/node', HEADROOM_HUB_URL: 'https://hub.test' };
const shared = { directory: '/state', workspace: '0123456789abcdef', command };
const acme = { kind: 'organization', name: 'acme' } as const;

describe('terminalVariables', () => {
  it('point the SDKs of all families at the gateway, with its key', () => {
    assert.deepEqual(terminalVariables(allFamilies, address, acme, shared), {
      OPENAI_BASE_URL: 'http://127.0.0.1:4100/v1',
      OPENAI_API_KEY: 'hf_headroom_test',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:4100',
      ANTHROPIC_AUTH_TOKEN: 'hf_headroom_test',
      HF_ENDPOINT: 'http://127.0.0.1:4101',
      HF_BILL_TO: 'acme',
      HEADROOM_NODE: '/the/node',
      HEADROOM_HUB_URL: 'https://hub.test',
      HEADROOM_STATE: '/state',
      HEADROOM_WORKSPACE: '0123456789abcdef',
    });
  });

  it('cover the chosen families only, and with any of them those of the command', () => {
    assert.deepEqual(terminalVariables({ ...none, anthropic: true }, address, acme, shared), {
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:4100',
      ANTHROPIC_AUTH_TOKEN: 'hf_headroom_test',
      HEADROOM_NODE: '/the/node',
      HEADROOM_HUB_URL: 'https://hub.test',
      HEADROOM_STATE: '/state',
      HEADROOM_WORKSPACE: '0123456789abcdef',
    });
  });

  it('are none without a family, and none without a gateway', () => {
    assert.deepEqual(terminalVariables(none, address, acme, shared), {});
    assert.deepEqual(terminalVariables(allFamilies, undefined, acme, shared), {});
  });

  it('set HF_BILL_TO for an organization or a resource group only', () => {
    const billTo = (profile: Parameters<typeof terminalVariables>[2]) =>
      terminalVariables({ ...none, huggingface: true }, address, profile, shared).HF_BILL_TO;
    assert.equal(billTo({ kind: 'resource-group', organization: 'acme', id: 'rg1' }), 'rg1');
    assert.equal(billTo(personalProfile), undefined);
    assert.equal(billTo({ kind: 'provider-key', provider: 'groq' }), undefined);
  });

  it('are the same for every payer, except HF_BILL_TO', () => {
    const of = (profile: Parameters<typeof terminalVariables>[2]) => {
      const { HF_BILL_TO, ...rest } = terminalVariables(allFamilies, address, profile, shared);
      return { HF_BILL_TO, rest };
    };
    const groq = of({ kind: 'provider-key', provider: 'groq' });
    assert.notEqual(of(acme).HF_BILL_TO, groq.HF_BILL_TO);
    assert.deepEqual(of(acme).rest, groq.rest);
    assert.deepEqual(of(personalProfile).rest, groq.rest);
  });

  it('empty HEADROOM_WORKSPACE when no folder is open, so that nothing else sets it', () => {
    const withoutFolder = { directory: '/state', command };
    const variables = terminalVariables(allFamilies, address, personalProfile, withoutFolder);
    assert.equal(variables.HEADROOM_WORKSPACE, '');
  });
});

describe('withoutFamiliesOf', () => {
  const offered = terminalVariables(allFamilies, address, acme, shared);
  const kept = (...taken: string[]) => Object.keys(withoutFamiliesOf(taken, offered)).sort();
  const all = Object.keys(offered).sort();
  const without = (family: RegExp) => all.filter(name => !family.test(name));

  it('keeps all variables of families that the program does not set', () => {
    assert.deepEqual(withoutFamiliesOf(['PATH'], offered), offered);
  });

  it('drops the whole family of a variable that the program sets', () => {
    assert.deepEqual(kept('OPENAI_BASE_URL'), without(/^OPENAI/));
    assert.deepEqual(kept('OPENAI_API_KEY'), without(/^OPENAI/));
    assert.deepEqual(kept('ANTHROPIC_API_KEY'), without(/^ANTHROPIC/));
    assert.deepEqual(kept('HF_BILL_TO', 'ANTHROPIC_BASE_URL'), without(/^(HF|ANTHROPIC)_/));
    assert.deepEqual(kept('HEADROOM_STATE'), without(/^HEADROOM_STATE/));
  });
});

describe('suffixes', () => {
  it('complete the values of before', () => {
    const wanted = { A: 'a,here', B: 'b,here', C: 'here', D: 'here' };
    assert.deepEqual(suffixes(wanted, { A: 'a', B: undefined, C: '', D: ' ' }), {
      A: ',here',
      B: ',b,here',
      C: ',here',
      D: ',here',
    });
  });
});

describe('notebookCell', () => {
  it('is two lines of Python', () => {
    assert.equal(
      notebookCell({ A: 'http://x', B: 'y' }),
      'import os\nos.environ.update({"A": "http://x", "B": "y"})\n',
    );
  });

  it('gives Python the exact values', function () {
    const value = 'a "quoted" \\ path with ä and $HOME';
    const script = `${notebookCell({ HEADROOM_TEST: value })}import sys\nsys.stdout.buffer.write(os.environ["HEADROOM_TEST"].encode())`;
    const { error, stdout } = spawnSync('python3', ['-'], { input: script, encoding: 'utf8' });
    if (error) this.skip();
    assert.equal(stdout, value);
  });
});
