import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { personalProfile } from '../../../../src/billing/profile.ts';
import { allFamilies } from '../../../../src/gateway/programVariables.ts';
import {
  notebookCell,
  suffixes,
  terminalVariables,
  variableChanges,
  variablesInEnvFile,
  withoutFamiliesOf,
} from '../../../../src/ui/programs/gatewayVariables.ts';

const door = { url: 'http://127.0.0.1:4100', key: 'hf_headroom_test' };
const none = { openai: false, anthropic: false, huggingface: false };
const shared = { directory: '/state', workspace: '0123456789abcdef' };
const acme = { kind: 'organization', name: 'acme' } as const;

describe('the variables of terminals', () => {
  it('send the SDKs of every family to the gateway, with its key', () => {
    assert.deepEqual(terminalVariables(allFamilies, door, acme, shared), {
      OPENAI_BASE_URL: 'http://127.0.0.1:4100/v1',
      OPENAI_API_KEY: 'hf_headroom_test',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:4100',
      ANTHROPIC_AUTH_TOKEN: 'hf_headroom_test',
      HF_ENDPOINT: 'http://127.0.0.1:4100/hub',
      HF_BILL_TO: 'acme',
      HEADROOM_STATE: '/state',
      HEADROOM_WORKSPACE: '0123456789abcdef',
    });
  });

  it('are those of the chosen families only, and tell the CLI where it is with any of them', () => {
    assert.deepEqual(terminalVariables({ ...none, anthropic: true }, door, acme, shared), {
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:4100',
      ANTHROPIC_AUTH_TOKEN: 'hf_headroom_test',
      HEADROOM_STATE: '/state',
      HEADROOM_WORKSPACE: '0123456789abcdef',
    });
  });

  it('are none without a family, and none while no gateway runs', () => {
    assert.deepEqual(terminalVariables(none, door, acme, shared), {});
    assert.deepEqual(terminalVariables(allFamilies, undefined, acme, shared), {});
  });

  it('name an organization or the id of a resource group to bill, and nobody else', () => {
    const billTo = (profile: Parameters<typeof terminalVariables>[2]) =>
      terminalVariables({ ...none, huggingface: true }, door, profile, shared).HF_BILL_TO;
    assert.equal(billTo({ kind: 'resource-group', organization: 'acme', id: 'rg1' }), 'rg1');
    assert.equal(billTo(personalProfile), undefined);
    assert.equal(billTo({ kind: 'provider-key', provider: 'groq' }), undefined);
  });

  it('are the same whoever pays, but for who is billed', () => {
    const of = (profile: Parameters<typeof terminalVariables>[2]) => {
      const { HF_BILL_TO, ...rest } = terminalVariables(allFamilies, door, profile, shared);
      return { HF_BILL_TO, rest };
    };
    const groq = of({ kind: 'provider-key', provider: 'groq' });
    assert.notEqual(of(acme).HF_BILL_TO, groq.HF_BILL_TO);
    assert.deepEqual(of(acme).rest, groq.rest);
    assert.deepEqual(of(personalProfile).rest, groq.rest);
  });

  it('name no workspace where no folder is open', () => {
    const variables = terminalVariables(allFamilies, door, personalProfile, { directory: '/state' });
    assert.ok(!('HEADROOM_WORKSPACE' in variables));
  });
});

describe('withoutFamiliesOf', () => {
  const offered = terminalVariables(allFamilies, door, acme, shared);
  const kept = (...taken: string[]) => Object.keys(withoutFamiliesOf(taken, offered)).sort();
  const all = Object.keys(offered).sort();
  const without = (family: RegExp) => all.filter(name => !family.test(name));

  it('keeps all where nothing is taken', () => {
    assert.deepEqual(withoutFamiliesOf(['PATH'], offered), offered);
  });

  it('gives nothing of a family of which one is taken', () => {
    assert.deepEqual(kept('OPENAI_BASE_URL'), without(/^OPENAI/));
    assert.deepEqual(kept('OPENAI_API_KEY'), without(/^OPENAI/));
    assert.deepEqual(kept('ANTHROPIC_API_KEY'), without(/^ANTHROPIC/));
    assert.deepEqual(kept('HF_BILL_TO', 'ANTHROPIC_BASE_URL'), without(/^(HF|ANTHROPIC)_/));
    assert.deepEqual(kept('HEADROOM_STATE'), without(/^HEADROOM_STATE/));
  });
});

describe('variableChanges', () => {
  it('writes only what differs and removes what is no longer wanted', () => {
    const current = new Map(Object.entries({ A: '1', B: '2', C: '3' }));
    assert.deepEqual(variableChanges(current, { A: '1', B: 'x', D: '4' }), {
      replace: [
        ['B', 'x'],
        ['D', '4'],
      ],
      remove: ['C'],
    });
  });

  it('has nothing to do for what is there', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), wanted => {
        const nothing = variableChanges(new Map(Object.entries(wanted)), wanted);
        assert.deepEqual(nothing, { replace: [], remove: [] });
      }),
    );
  });
});

describe('suffixes', () => {
  it('are what stands behind the values of before', () => {
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

  it('says to Python what it was given', function () {
    const value = 'a "quoted" \\ path with ä and $HOME';
    const script = `${notebookCell({ HEADROOM_TEST: value })}import sys\nsys.stdout.buffer.write(os.environ["HEADROOM_TEST"].encode())`;
    const { error, stdout } = spawnSync('python3', ['-'], { input: script, encoding: 'utf8' });
    if (error) this.skip();
    assert.equal(stdout, value);
  });
});

describe('variablesInEnvFile', () => {
  it('finds what the file sets, and to what', () => {
    const text = '# A=1\nB=2\n export C = "3"\nD\n=4\n  E_1=x=y\r\n1F=2\nG=\'a, b\' \nH=';
    assert.deepEqual(variablesInEnvFile(text), { B: '2', C: '3', E_1: 'x=y', G: 'a, b', H: '' });
  });
});
