import assert from 'node:assert/strict';
import type { FoundToken } from '../../../src/account/hfTokens.ts';
import { Sessions } from '../../../src/account/sessions.ts';
import type { TokenSource } from '../../../src/account/snapshot.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { SecretsInMemory } from '../../contract/accountSetup.ts';
import { TemporaryLedger } from '../ledger/temporaryLedger.ts';

const file: TokenSource = { kind: 'token-file', path: '/home/ada/.cache/huggingface/token' };
const work: TokenSource = { kind: 'stored-token', path: '/home/ada/stored_tokens', name: 'work' };

describe('sessions', () => {
  let temporary: TemporaryLedger;
  let ledger: Ledger;
  let secrets: SecretsInMemory;
  /** The tokens of HF's tools, by the source's kind. */
  let left: FoundToken[];
  let warnings: string[];
  beforeEach(() => {
    temporary = new TemporaryLedger();
    ledger = temporary.open();
    secrets = new SecretsInMemory();
    left = [
      { source: file, token: 'hf_file' },
      { source: work, token: 'hf_work' },
    ];
    warnings = [];
  });
  afterEach(() => temporary.clear());

  const sessions = () =>
    new Sessions({
      secrets,
      ledger,
      log: { debug() {}, info() {}, warn: line => void warnings.push(line), error() {} },
      find: () => left,
      read: wanted => left.find(({ source }) => source.kind === wanted.kind)?.token,
    });

  it('offer the tokens of HF’s tools, and use none unasked', async () => {
    const mine = sessions();
    assert.deepEqual(mine.offers(), left);
    assert.deepEqual(await mine.list(), []);
    assert.equal((await mine.look()).session, undefined);
  });

  it('read an accepted token at its source, and offer it no longer', async () => {
    const mine = sessions();
    mine.accept(file);
    assert.deepEqual(
      mine.offers().map(({ source }) => source),
      [work],
    );
    assert.equal((await mine.look()).session?.token, 'hf_file');
    left = [{ source: file, token: 'hf_new' }];
    assert.equal((await mine.look()).session?.token, 'hf_new');
    left = [];
    assert.equal((await mine.look()).session, undefined);
    assert.equal((await mine.list()).length, 1, 'it may come back');
  });

  it('keep our own token in the secret store only', async () => {
    const mine = sessions();
    await mine.keep('ada', 'hf_secret');
    const active = (await mine.look()).session;
    assert.deepEqual(active, {
      summary: {
        id: 'secret-storage:ada',
        label: 'ada',
        source: { kind: 'secret-storage', name: 'ada' },
      },
      token: 'hf_secret',
    });
    assert.doesNotMatch(JSON.stringify([active.summary, await mine.list(), mine.offers()]), /hf_secret/);
  });

  it('are switched for all windows', async () => {
    const mine = sessions();
    await mine.keep('bob', 'hf_bob');
    await mine.keep('ada', 'hf_ada');
    mine.accept(work);
    assert.deepEqual(
      (await mine.list()).map(({ label }) => label),
      ['ada', 'bob', 'work'],
    );
    assert.equal((await mine.look()).session?.token, 'hf_work');
    mine.activate('secret-storage:bob');
    assert.equal((await sessions().look()).session?.token, 'hf_bob');
  });

  it('use no other account after signing out', async () => {
    const mine = sessions();
    mine.accept(work);
    await mine.keep('ada', 'hf_ada');
    const active = (await mine.look()).session;
    assert.ok(active);
    await mine.signOut(active.summary);
    assert.equal((await mine.look()).session, undefined);
    assert.deepEqual(await secrets.keys(), []);
    assert.deepEqual(
      (await mine.list()).map(({ label }) => label),
      ['work'],
    );
  });

  it('leave a token of HF’s tools in its file after signing out, and offer it again', async () => {
    const mine = sessions();
    mine.accept(work);
    const active = (await mine.look()).session;
    assert.ok(active);
    await mine.signOut(active.summary);
    assert.equal((await mine.look()).session, undefined);
    assert.deepEqual(mine.offers(), left);
  });

  it('keep the active account when another is signed out', async () => {
    const mine = sessions();
    await mine.keep('bob', 'hf_bob');
    await mine.keep('ada', 'hf_ada');
    const bob = (await mine.list()).find(({ label }) => label === 'bob');
    assert.ok(bob);
    await mine.signOut(bob);
    assert.equal((await mine.look()).session?.token, 'hf_ada');
  });

  it('are found again with a new ledger, where signing out is final too', async () => {
    const before = sessions();
    await before.keep('ada', 'hf_ada');
    await before.keep('bob', 'hf_bob');
    ledger = temporary.open(`${temporary.directory}-anew`);
    const mine = sessions();
    const active = (await mine.look()).session;
    assert.equal(active?.token, 'hf_ada');
    await mine.signOut(active.summary);
    assert.equal((await mine.look()).session, undefined, 'bob is not taken up');
  });

  it('reject while the secret store can’t be read, instead of signing out', async () => {
    const mine = sessions();
    await mine.keep('ada', 'hf_ada');
    secrets.failure = new Error('locked');
    await assert.rejects(mine.look(), /locked/);
    secrets.failure = undefined;
    assert.equal((await mine.look()).session?.token, 'hf_ada');
  });

  it('of HF’s tools work without a secret store, whose failure is logged once', async () => {
    const mine = sessions();
    secrets.failure = new Error('no keyring');
    mine.accept(file);
    assert.equal((await mine.look()).session?.token, 'hf_file');
    await mine.list();
    assert.equal((await mine.list()).length, 1);
    assert.deepEqual(
      warnings.filter(line => line.includes('no keyring')),
      ["The editor's secret storage can't be listed: Error: no keyring"],
    );
    await assert.rejects(mine.keep('ada', 'hf_ada'), /no keyring/);
    assert.equal((await mine.look()).session?.token, 'hf_file', 'a sign-in that failed changed nothing');
  });

  for (const stored of ['{"kind":', '{}', '[1]', '[{"kind":"token-file"}]', '[{"kind":"root","path":"/"}]']) {
    it(`offer tokens again when the list of accepted ones is ${stored}`, async () => {
      ledger.setPreference('sessions.accepted', stored);
      const mine = sessions();
      assert.deepEqual(mine.offers(), left);
      assert.deepEqual(await mine.list(), []);
      assert.equal(warnings.length, 1);
    });
  }
});
