import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import manifest from '../../package.json' with { type: 'json' };
import texts from '../../package.nls.json' with { type: 'json' };
import {
  commands,
  contextKeys,
  dashboardView,
  openSettings,
  rowKinds,
  settings,
  viewContainer,
  views,
} from '../../src/view/contributions.ts';
import type { WelcomeState } from '../../src/view/status/welcomeState.ts';

const { contributes } = manifest;
const commandIds: string[] = Object.values(commands);
const sorted = (values: Iterable<string>) => [...values].sort();

describe('the manifest', () => {
  it('has the commands of the code, each with a title and the category Headroom', () => {
    assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(commandIds));
    assert.deepEqual([...new Set(contributes.commands.map(({ category }) => category))], ['Headroom']);
  });

  it('has the settings of the code', () => {
    assert.deepEqual(
      sorted(Object.keys(contributes.configuration.properties)),
      sorted(Object.values(settings)),
    );
  });

  it('has application scope for every setting, except for the suggestion of a folder', () => {
    for (const [key, { scope }] of Object.entries(contributes.configuration.properties)) {
      assert.equal(scope, key === settings.suggestedBilling ? 'resource' : 'application', key);
    }
  });

  it('has the views of the code, in their container', () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [viewContainer],
    );
    assert.deepEqual(Object.keys(contributes.views), [viewContainer]);
    assert.deepEqual(
      contributes.views.headroom.map(({ id }) => id),
      Object.values(views),
    );
  });

  it('has a welcome view for every state without a tree', () => {
    // a record: the compiler demands each new state
    const states: Record<WelcomeState, true> = {
      'signed-out': true,
      keyring: true,
      'token-gone': true,
      'server-url': true,
      'invalid-token': true,
      offline: true,
      loading: true,
      ready: true,
    };
    const expected = Object.keys(states).filter(state => state !== 'ready');
    const whens = contributes.viewsWelcome.map(({ when }) => when);
    assert.deepEqual(sorted(whens), sorted(expected.map(state => `${contextKeys.welcome} == ${state}`)));
    for (const { view } of contributes.viewsWelcome) assert.equal(view, views.limits);
  });

  it('uses only commands, context keys and row kinds of the code', () => {
    const menus = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
    for (const { command } of menus) assert.ok(commandIds.includes(command), command);
    const linked = Object.values(texts).flatMap(text => [...text.matchAll(/command:([\w.]+)/g)]);
    const linkable = [...commandIds, openSettings];
    for (const [, command] of linked) assert.ok(linkable.includes(command ?? ''), command);
    const conditions = [
      ...menus.map(({ when }) => when),
      ...contributes.commands.flatMap(({ enablement }) => enablement ?? []),
    ];
    for (const condition of conditions) {
      const keys = condition.match(/headroom\.\w+/g) ?? [];
      const known = new Set<string>([...Object.values(contextKeys), ...Object.values(views)]);
      for (const key of keys) assert.ok(known.has(key), `${key} in ${condition}`);
      const kind = /viewItem == '?(\w+)/.exec(condition)?.[1];
      if (kind) assert.ok(Object.hasOwn(rowKinds, kind), condition);
    }
  });

  it('hides from the palette only commands that need a row', () => {
    const hidden = contributes.menus.commandPalette.filter(({ when }) => when === 'false');
    assert.deepEqual(
      sorted(hidden.map(({ command }) => command)),
      sorted([commands.copyValue, commands.openPage, commands.openRow]),
    );
  });

  it('takes its texts from package.nls.json, which has no others', () => {
    const used = [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? '');
    assert.deepEqual(sorted(new Set(used)), sorted(Object.keys(texts)));
    for (const { title } of contributes.commands) assert.match(title, /^%command\.\w+%$/);
    for (const { markdownDescription } of Object.values(contributes.configuration.properties)) {
      assert.match(markdownDescription, /^%setting\.\w+%$/);
    }
  });

  it('activates after startup or for a kept dashboard, and requires the VS Code of @types/vscode', () => {
    assert.deepEqual(manifest.activationEvents, ['onStartupFinished', `onWebviewPanel:${dashboardView}`]);
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`);
  });
});

describe('the extension, activated', () => {
  it('registers every command of the manifest', async () => {
    const extension = vscode.extensions.getExtension('headroom.headroom');
    assert.ok(extension);
    await extension.activate();
    const registered = await vscode.commands.getCommands(true);
    assert.deepEqual(sorted(registered.filter(id => commandIds.includes(id))), sorted(commandIds));
  });
});
