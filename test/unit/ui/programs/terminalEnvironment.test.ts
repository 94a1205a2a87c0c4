import assert from 'node:assert/strict';
import path from 'node:path';
import type * as vscode from 'vscode';
import { TerminalEnvironment } from '../../../../src/ui/programs/terminalEnvironment.ts';

describe('TerminalEnvironment', () => {
  it('writes variables and PATH for every start of a shell, and only when they differ', () => {
    const calls: unknown[] = [];
    const collection = {
      persistent: true,
      replace: (...args: unknown[]) => void calls.push(args),
      append: (...args: unknown[]) => void calls.push(['append', ...args]),
      prepend: (...args: unknown[]) => void calls.push(['prepend', ...args]),
      delete: (name: string) => void calls.push(['delete', name]),
    } as unknown as vscode.EnvironmentVariableCollection;
    const environment = new TerminalEnvironment(collection, {} as vscode.MarkdownString);
    assert.equal(collection.persistent, false);
    environment.set({ OPENAI_API_KEY: 'key' });
    environment.set({ OPENAI_API_KEY: 'key' });
    const everyStart = { applyAtProcessCreation: true, applyAtShellIntegration: true };
    assert.deepEqual(calls, [['OPENAI_API_KEY', 'key', everyStart]]);
    environment.set({ OPENAI_API_KEY: 'renewed' });
    environment.dispose();
    assert.deepEqual(calls.slice(1), [
      ['OPENAI_API_KEY', 'renewed', everyStart],
      ['delete', 'OPENAI_API_KEY'],
    ]);
    calls.length = 0;
    environment.set({}, '/the/bin');
    environment.set({}, '/the/bin');
    assert.deepEqual(calls, [['prepend', 'PATH', `/the/bin${path.delimiter}`, everyStart]]);
    environment.dispose();
    assert.deepEqual(calls.slice(1), [['delete', 'PATH']]);
    calls.length = 0;
    environment.set({}, undefined, { NO_PROXY: ',here' });
    environment.set({}, undefined, { NO_PROXY: ',here' });
    assert.deepEqual(calls, [['append', 'NO_PROXY', ',here', everyStart]]);
    environment.dispose();
    assert.deepEqual(calls.slice(1), [['delete', 'NO_PROXY']]);
  });
});
