import assert from 'node:assert/strict';
import { parseCommand, UsageError } from '../../../src/cli/command.ts';

describe('parseCommand:', () => {
  it('options may stand before and after the command', () => {
    const status = { kind: 'status', json: true, state: 'x' };
    assert.deepEqual(parseCommand(['status', '--json', '--state', 'x']), status);
    assert.deepEqual(parseCommand(['--state=x', '--json', 'status']), status);
    assert.deepEqual(parseCommand(['status']), { kind: 'status', json: false, state: undefined });
  });

  it('--help and --version win over everything else', () => {
    assert.deepEqual(parseCommand(['status', '-h']), { kind: 'help' });
    assert.deepEqual(parseCommand(['--version']), { kind: 'version' });
    assert.deepEqual(parseCommand(['-v']), { kind: 'version' });
  });

  it('help is a command, too', () => {
    for (const words of [[], ['status'], ['nothing', 'known']]) {
      assert.deepEqual(parseCommand(['help', ...words]), { kind: 'help' });
    }
  });

  it('bill takes a profile, or none', () => {
    const bill = { kind: 'bill', json: false, state: undefined };
    assert.deepEqual(parseCommand(['bill']), { ...bill, profile: undefined });
    assert.deepEqual(parseCommand(['bill', 'org:acme']), {
      ...bill,
      profile: { kind: 'organization', name: 'acme' },
    });
  });

  it('--port, --failover, --since and --ipc', () => {
    assert.deepEqual(parseCommand(['gateway', '--port', '8080', '--json']), {
      kind: 'gateway',
      port: 8080,
      failover: [],
      pacing: 'pace',
      capNanoUsd: undefined,
      json: true,
      state: undefined,
    });
    assert.deepEqual(parseCommand(['gateway', '--failover', 'org:acme, key:groq']), {
      kind: 'gateway',
      port: 0,
      failover: [
        { kind: 'organization', name: 'acme' },
        { kind: 'provider-key', provider: 'groq' },
      ],
      pacing: 'pace',
      capNanoUsd: undefined,
      json: false,
      state: undefined,
    });
    const refusals = { kind: 'refusals', json: false, state: undefined };
    assert.deepEqual(parseCommand(['refusals']), { ...refusals, sinceMs: 86_400_000 });
    assert.deepEqual(parseCommand(['refusals', '--since', '90m']), { ...refusals, sinceMs: 5_400_000 });
    assert.deepEqual(parseCommand(['gateway', '--ipc']), { kind: 'gateway-of-editor' });
  });

  it('amounts are US dollars, and none removes a budget', () => {
    const budget = { kind: 'budget', here: false, json: false, state: undefined };
    const unchanged = { ...budget, monthNanoUsd: undefined, pauseAtNanoUsd: undefined };
    assert.deepEqual(parseCommand(['budget']), unchanged);
    assert.deepEqual(parseCommand(['budget', '--set', '$5', '--pause-at', '0.000000001']), {
      ...budget,
      monthNanoUsd: 5_000_000_000,
      pauseAtNanoUsd: 1,
    });
    assert.deepEqual(parseCommand(['budget', '--pause-at', 'none']), { ...unchanged, pauseAtNanoUsd: null });
    assert.deepEqual(parseCommand(['budget', '--here']), { ...unchanged, here: true });
    for (const amount of ['0', '-1', '1e3', 'all', '', '0.0000000001', '12345678']) {
      assert.throws(() => parseCommand(['budget', `--set=${amount}`]), UsageError, amount);
    }
  });

  it('run takes everything after -- as the program', () => {
    const run = { kind: 'run', json: false, state: undefined };
    assert.deepEqual(parseCommand(['run', '--cap', '0.50', '--', 'python', 'x.py', '--json', '--', '-v']), {
      ...run,
      program: ['python', 'x.py', '--json', '--', '-v'],
      capNanoUsd: 500_000_000,
    });
    for (const args of [['run'], ['run', '--'], ['run', 'python'], ['run', 'python', '--', 'x.py']]) {
      assert.throws(() => parseCommand(args), /run needs -- and a program/);
    }
  });

  it('explain takes the command that printed the text', () => {
    const explain = { kind: 'explain', json: false, state: undefined };
    assert.deepEqual(parseCommand(['explain']), { ...explain, command: undefined });
    assert.deepEqual(parseCommand(['explain', '--command', 'git -C x log']), {
      ...explain,
      command: 'git -C x log',
    });
    assert.throws(() => parseCommand(['status', '--command', 'x']), UsageError);
  });

  it('--pacing is pace or observe', () => {
    const pacingOf = (...args: string[]) => {
      const command = parseCommand(['gateway', ...args]);
      return command.kind === 'gateway' && command.pacing;
    };
    assert.equal(pacingOf('--pacing', 'pace'), 'pace');
    assert.equal(pacingOf('--pacing=observe'), 'observe');
  });

  it('wrong usage is one sentence', () => {
    const refused = (args: string[], message: RegExp) =>
      assert.throws(
        () => parseCommand(args),
        (error: unknown) => error instanceof UsageError && message.test(error.message),
      );
    refused([], /^a command is missing\.$/);
    refused(['stats'], /^there is no command stats\.$/);
    refused(['status', 'now'], /^status takes no now\.$/);
    refused(['status', '--state', ' '], /^--state needs a folder\.$/);
    refused(['status', '--state'], /^Option '--state <value>' argument missing\.$/);
    refused(['status', '--port', '1'], /^status takes no --port\.$/);
    refused(['gateway', '--port', '65536'], /^--port needs a number from 0 to 65535\.$/);
    refused(['gateway', '--failover', 'org:acme,groq'], /^--failover takes personal.* not groq\.$/);
    refused(['gateway', '--failover', ''], /^--failover takes personal/);
    refused(['gateway', '--pacing', 'off'], /^--pacing takes pace or observe, not off\.$/);
    refused(['gateway', '--pacing', ''], /^--pacing takes pace or observe/);
    refused(['status', '--pacing', 'pace'], /^status takes no --pacing\.$/);
    refused(['bill', '--failover', 'personal'], /^bill takes no --failover\.$/);
    refused(['refusals', '--since', 'today'], /^--since needs an age such as 30m, 24h or 7d\.$/);
    refused(['refusals', '--since', '0h'], /^--since needs an age/);
    refused(['bill', 'acme'], /^bill takes personal, org:NAME, group:ORG\/ID or key:PROVIDER, not acme\.$/);
    refused(['bill', 'personal', 'now'], /^bill takes no now\.$/);
    refused(['status', '--yaml'], /^Unknown option '--yaml'\.$/);
    refused(['status', '--json=no'], /^Option '--json' does not take an argument\.$/);
  });
});
