import assert from 'node:assert/strict';
import { type OpenWorkspace, workspaceId } from '../../../../src/ui/core/workspaceId.ts';

/** State of one workspace. */
class State {
  readonly values = new Map<string, unknown>();

  get<T>(key: string): T | undefined {
    return this.values.get(key) as T | undefined;
  }

  async update(key: string, value: unknown): Promise<void> {
    this.values.set(key, value);
  }

  /** Desktop VS Code moves the state to a workspace that grows out of another; a browser starts with none. */
  moved(): State {
    const copy = new State();
    for (const [key, value] of this.values) copy.values.set(key, value);
    return copy;
  }
}

const folder = (name: string) => ({ uri: `file:///projects/${name}` });
const open = (names: readonly string[], workspaceFile?: string): OpenWorkspace => ({
  workspaceFile,
  workspaceFolders: names.length > 0 || workspaceFile !== undefined ? names.map(folder) : undefined,
});

describe('workspaceId', () => {
  it('is the same each time, and differs by folder', () => {
    const state = new State();
    const id = workspaceId(open(['a']), state);
    assert.match(id ?? '', /^[0-9a-f]{16}$/);
    assert.equal(workspaceId(open(['a']), state), id);
    assert.equal(workspaceId(open(['a']), new State()), id);
    assert.notEqual(workspaceId(open(['b']), new State()), id);
  });

  it('is undefined without a folder, also for a window that opens one later', () => {
    const state = new State();
    assert.equal(workspaceId(open([]), state), undefined);
    assert.equal(workspaceId(open(['a']), state.moved()), workspaceId(open(['a']), new State()));
  });

  it('stays when folders are added, on the desktop and in a browser', () => {
    const state = new State();
    const id = workspaceId(open(['a']), state);
    const file = 'file:///data/User/Workspaces/Untitled-1697.code-workspace';
    for (const after of [state.moved(), new State()]) {
      assert.equal(workspaceId(open(['a', 'b'], 'untitled:1697'), after), id);
      assert.equal(workspaceId(open(['a', 'b'], file), after), id);
    }
    const named = open(['a', 'b'], 'file:///projects/Untitled-1697.code-workspace');
    assert.notEqual(workspaceId(named, new State()), id);
  });

  it('is that of the first folder when a browser shows it later than the untitled workspace', () => {
    const file = 'file:///data/User/Workspaces/Untitled-1697.code-workspace';
    const late = new State();
    assert.match(workspaceId(open([], file), late) ?? '', /^[0-9a-f]{16}$/);
    assert.equal(workspaceId(open(['a', 'b'], file), late), workspaceId(open(['a']), new State()));
  });

  it('stays when the workspace is saved, and when its first folder is removed', () => {
    const state = new State();
    const id = workspaceId(open(['a']), state);
    const grown = state.moved();
    workspaceId(open(['a', 'b'], 'untitled:1697'), grown);
    const saved = grown.moved();
    assert.equal(workspaceId(open(['a', 'b'], 'file:///projects/x.code-workspace'), saved), id);
    assert.equal(workspaceId(open(['b'], 'file:///projects/x.code-workspace'), saved), id);
    const copy = saved.moved();
    assert.equal(workspaceId(open(['b'], 'file:///projects/y.code-workspace'), copy), id);
  });

  it('is that of the workspace file without state, whatever the folders', () => {
    const id = workspaceId(open(['a', 'b'], 'file:///projects/x.code-workspace'), new State());
    assert.equal(workspaceId(open(['b'], 'file:///projects/x.code-workspace'), new State()), id);
    assert.notEqual(id, workspaceId(open(['a']), new State()));
    assert.match(workspaceId(open([], 'untitled:1697'), new State()) ?? '', /^[0-9a-f]{16}$/);
  });
});
