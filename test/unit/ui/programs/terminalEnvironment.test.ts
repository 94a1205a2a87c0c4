import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { setTerminalVariables } from '../../../../src/ui/programs/terminalEnvironment.ts';

describe('setTerminalVariables', () => {
  it('writes for every start of a shell, and only differences', () => {
    const calls: unknown[] = [];
    const values = new Map<string, { value: string }>();
    const write = (kind: string) => (name: string, value: string, options: unknown) => {
      calls.push([kind, name, value, options]);
      values.set(name, { value });
    };
    const collection = {
      replace: write('replace'),
      append: write('append'),
      prepend: write('prepend'),
      get: (name: string) => values.get(name),
      delete(name: string) {
        calls.push(['delete', name]);
        values.delete(name);
      },
      [Symbol.iterator]: () => values.entries(),
    } as unknown as vscode.EnvironmentVariableCollection;
    const none = { replace: {}, prepend: {}, append: {} };
    const set = (changes: Partial<typeof none>) => {
      calls.length = 0;
      setTerminalVariables(collection, { ...none, ...changes });
      return [...calls];
    };
    const everyStart = { applyAtProcessCreation: true, applyAtShellIntegration: true };
    const all = {
      replace: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'url' },
      prepend: { PATH: '/the/bin:' },
      append: { NO_PROXY: ',here' },
    };
    assert.deepEqual(set(all), [
      ['replace', 'OPENAI_API_KEY', 'key', everyStart],
      ['replace', 'OPENAI_BASE_URL', 'url', everyStart],
      ['prepend', 'PATH', '/the/bin:', everyStart],
      ['append', 'NO_PROXY', ',here', everyStart],
    ]);
    assert.deepEqual(set(all), []);
    assert.deepEqual(set({ ...all, replace: { OPENAI_API_KEY: 'renewed' } }), [
      ['delete', 'OPENAI_BASE_URL'],
      ['replace', 'OPENAI_API_KEY', 'renewed', everyStart],
    ]);
    assert.deepEqual(set({}), [
      ['delete', 'OPENAI_API_KEY'],
      ['delete', 'PATH'],
      ['delete', 'NO_PROXY'],
    ]);
  });
});
