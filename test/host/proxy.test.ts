import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { userProxy } from '../../src/ui/core/settings.ts';

describe('userProxy, in a real extension host', () => {
  const { Global, Workspace } = vscode.ConfigurationTarget;
  const names = ['proxy', 'noProxy', 'proxyAuthorization'];
  const set = async (values: Record<string, unknown>, target: vscode.ConfigurationTarget) => {
    const configuration = vscode.workspace.getConfiguration('http');
    // VS Code may refuse to write these workspace settings
    for (const name of names)
      await configuration.update(name, values[name], target).then(undefined, () => {});
  };
  after(async () => {
    await set({}, Global);
    await set({}, Workspace);
  });

  it('has the user’s proxy and its authorization, never a workspace’s', async () => {
    await set({ proxy: 'http://of.workspace:1', proxyAuthorization: 'Basic b2Y6d29ya3NwYWNl' }, Workspace);
    const none = userProxy().proxy;
    assert.ok(!none.proxy && !none.authorization, JSON.stringify(none));
    await set(
      { proxy: 'http://of.user:2', noProxy: ['a.example'], proxyAuthorization: 'Basic b2Y6dXNlcg==' },
      Global,
    );
    const { proxy, noProxy, authorization } = userProxy().proxy;
    assert.deepEqual(
      { proxy, noProxy, authorization },
      { proxy: 'http://of.user:2', noProxy: ['a.example'], authorization: 'Basic b2Y6dXNlcg==' },
    );
  });
});
