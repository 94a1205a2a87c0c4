import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension in a real extension host', () => {
  it('is found and activates', async () => {
    const extension = vscode.extensions.getExtension('headroom.headroom');
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
