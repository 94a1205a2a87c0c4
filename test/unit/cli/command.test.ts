import assert from 'node:assert/strict';
import { parseCommand, UsageError } from '../../../src/cli/command.ts';

describe('parseCommand', () => {
  it('takes options before and after the command', () => {
    const status = { kind: 'status', json: true, state: 'x' };
    assert.deepEqual(parseCommand(['status', '--json', '--state', 'x']), status);
    assert.deepEqual(parseCommand(['--state=x', '--json', 'status']), status);
    assert.deepEqual(parseCommand(['status']), { kind: 'status', json: false, state: undefined });
  });

  it('helps whatever else was said', () => {
    assert.deepEqual(parseCommand(['status', '-h']), { kind: 'help' });
    assert.deepEqual(parseCommand(['--version']), { kind: 'version' });
  });

  it('says in one sentence what it did not understand', () => {
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
    refused(['status', '--yaml'], /^Unknown option '--yaml'\.$/);
    refused(['status', '--json=no'], /^Option '--json' does not take an argument\.$/);
  });
});
