import assert from 'node:assert/strict';
import { changeEndpoint, mayHaveRun } from '../../src/hub/endpointActions.ts';
import { parseServers } from '../../src/hub/servers.ts';
import type { EndpointAction } from '../../src/limits/account/endpointChange.ts';
import { fineGrainedToken } from '../emulator/scenarioAccounts.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { calls, minute, second, type Window, withAccount } from './accountSetup.ts';
import { failure, tapped } from './hubServer.ts';

const bert = { namespace: 'ada', name: 'bert-prod' };
const old = { namespace: 'ada', name: 'old-one' };
const nightly = { namespace: 'ada', name: 'nightly' };
const chat = { namespace: 'acme', name: 'chat-eu' };

describe('changing an endpoint', () => {
  let emulator: Emulator;
  let http: ReturnType<typeof tapped>;
  before(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
  });
  after(() => emulator.close());
  beforeEach(() => {
    emulator.world.load('pro');
    emulator.world.requests.length = 0;
    http = tapped();
  });
  afterEach(async () => {
    emulator.world.faults = [];
    await http.close();
  });

  const change = (endpoint: typeof bert, action: EndpointAction, token: string = tokens.ada) =>
    changeEndpoint({ http, servers: parseServers(emulator), token }, endpoint, action);
  const posts = () => emulator.requests().filter(({ method }) => method === 'POST').length;
  const refused = async (...call: Parameters<typeof change>) => {
    const { kind, details } = await failure(change(...call));
    return [kind, details.status, details.words];
  };

  it('answers with the endpoint as it is now', async () => {
    assert.equal((await change(bert, 'pause'))?.state, 'paused');
    assert.equal((await change(bert, 'resume'))?.state, 'pending');
    assert.equal((await change(nightly, 'pause'))?.state, 'paused');
    assert.equal((await change(chat, 'scale-to-zero'))?.state, 'scaledToZero');
  });

  it('a token that may only call endpoints is told the permission that it lacks', async () => {
    const callOnly = fineGrainedToken('ada', { ada: ['inference.endpoints.infer.write'] });
    emulator.world.patch({ tokens: { hf_call_only: callOnly } });
    assert.deepEqual(await refused(bert, 'pause', 'hf_call_only'), [
      'missing-permission',
      403,
      'missing permissions: inference.endpoints.write',
    ]);
    assert.deepEqual(await refused(bert, 'pause', tokens.adaNothing), [
      'missing-permission',
      401,
      "You don't have access to the namespace ada",
    ]);
  });

  it('an unknown endpoint is not found, and a resume beyond the quota rejected', async () => {
    assert.deepEqual(await refused({ ...bert, name: 'gone' }, 'pause'), [
      'not-found',
      404,
      'Endpoint not found',
    ]);
    const [kind, status, words] = await refused(old, 'resume');
    assert.deepEqual([kind, status], ['rejected', 400]);
    assert.match(String(words), /^Quota exceeded for nvidia-l4/);
  });

  it('a resource group beyond its spending limit rejects a start', async () => {
    const research = { id: '66c0000000000000000000a1', name: 'research', members: {}, spendLimitCents: 0 };
    emulator.world.patch({
      orgs: { acme: { resourceGroups: [research] } },
      endpoints: { 'acme/chat-eu': { resourceGroup: research.id, state: 'paused' } },
    });
    assert.deepEqual(await refused(chat, 'resume'), [
      'missing-permission',
      403,
      'Resource group spend limit reached',
    ]);
  });

  it('is never sent twice, whatever the failure', async () => {
    for (const [fault, ran] of [
      [{ kind: 'status', status: 409, body: { error: 'Another change is under way' } }, false],
      [{ kind: 'status', status: 502 }, true],
      [{ kind: 'reset' }, true],
      [{ kind: 'half-body' }, true],
      [{ kind: 'html' }, true],
    ] as const) {
      emulator.world.faults = [{ ...fault, method: 'POST' }];
      const before = posts();
      // a pooled connection: a GET would be repeated after its reset
      await http.getJson(`${emulator.endpointsUrl}/v2/endpoint/ada`, { token: tokens.ada });
      const error = await failure(change(bert, 'pause'));
      assert.equal(posts() - before, 1, fault.kind);
      assert.equal(mayHaveRun(error), ran, `${fault.kind}: ${error.kind}`);
      assert.match(error.message, /^POST http/);
    }
  });

  it('a connection that is refused was not executed', async () => {
    const closed = parseServers({ ...emulator, endpointsUrl: 'http://127.0.0.1:1' });
    const error = await failure(changeEndpoint({ http, servers: closed, token: tokens.ada }, bert, 'pause'));
    assert.deepEqual([error.kind, mayHaveRun(error)], ['unreachable', false]);
  });
});

describe('an endpoint’s change over time', () => {
  const control = ({ service }: Window) => service.endpoints ?? assert.fail('signed out');
  const stateIn = ({ snapshot }: Window, name: string) =>
    snapshot.endpoints.ada?.value?.find(each => each.name === name)?.state;
  const l4 = ({ snapshot }: Window) => {
    const quota = snapshot.hardware.ada?.value?.find(({ id }) => id === 'aws-us-east-1-nvidia-l4-x1');
    return `${quota?.used} / ${quota?.max}`;
  };
  const change = (
    window: Window,
    endpoint: typeof bert,
    action: EndpointAction,
    signal = new AbortController().signal,
  ) => control(window).change(endpoint, action, { patienceMs: 10 * minute, signal });

  it('paused: the answer is shown at once, and the quota that it frees', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      assert.equal(l4(window), '2 / 2');
      await setup.clock.advance(second);
      const paused = change(window, bert, 'pause');
      const shown = window.snapshot.endpointChanges ?? [];
      assert.deepEqual(
        shown.map(({ name, action }) => [name, action]),
        [['bert-prod', 'pause']],
      );
      assert.equal(await setup.clock.until(paused), 'reached');
      assert.equal(stateIn(window, 'bert-prod'), 'paused');
      assert.deepEqual(window.snapshot.endpointChanges, []);
      await setup.clock.advance(second);
      assert.equal(l4(window), '1 / 2');
    }));

  it('resumed: an idle window reads it every 10 s until it runs, then once more', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      await setup.clock.until(change(window, nightly, 'pause'));
      const resumed = change(window, old, 'resume');
      await setup.clock.advance(second);
      assert.equal(stateIn(window, 'old-one'), 'pending');
      setup.forgetRequests();
      await setup.clock.advance(2 * minute);
      assert.equal(await resumed, 'reached');
      assert.equal(stateIn(window, 'old-one'), 'running');
      const reads = setup.received(calls['endpoints/ada']).length;
      assert.ok(reads >= 9 && reads <= 13, `${reads} in 2 min`);
      await setup.clock.advance(minute);
      setup.forgetRequests();
      await setup.clock.advance(5 * minute);
      assert.deepEqual([...setup.received('/v2/endpoint/ada'), ...setup.received('/v2/provider/ada')], []);
    }));

  it('a start that fails, and an endpoint that somebody deletes', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      setup.emulator.world.patch({ endpoints: { 'ada/old-one': { failsWith: 'CUDA out of memory' } } });
      await setup.clock.until(change(window, bert, 'pause'));
      await setup.clock.until(change(window, nightly, 'pause'));
      const failed = change(window, old, 'resume');
      await setup.clock.advance(2 * minute);
      assert.equal(await failed, 'failed');
      const gone = change(window, bert, 'resume');
      await setup.clock.advance(second);
      setup.emulator.world.patch({ endpoints: { 'ada/bert-prod': null } });
      await setup.clock.advance(minute);
      assert.equal(await gone, 'gone');
    }));

  it('a state that is never reached is watched for so long, and no longer', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      setup.emulator.world.patch({ endpoints: { 'ada/bert-prod': { stuck: true } } });
      const still = change(window, bert, 'pause');
      await setup.clock.advance(10 * minute + second);
      assert.equal(await still, 'still');
      assert.equal(stateIn(window, 'bert-prod'), 'running');
      assert.deepEqual(window.snapshot.endpointChanges, []);
    }));

  it('nobody watches after a cancel, nor when the account is left', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      setup.emulator.world.patch({ endpoints: { 'ada/bert-prod': { stuck: true } } });
      const cancel = new AbortController();
      const cancelled = change(window, bert, 'scale-to-zero', cancel.signal);
      await setup.clock.advance(second);
      cancel.abort();
      assert.equal(await cancelled, 'cancelled');
      const left = change(window, bert, 'scale-to-zero');
      await setup.clock.advance(second);
      setup.session = undefined;
      await setup.clock.until(window.service.followSession());
      assert.equal(await left, 'cancelled');
    }));

  it('a change without an answer is looked for soon, and not sent again', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      setup.fault({ kind: 'half-body', path: '/v2/endpoint/ada/bert-prod/pause', count: 1 });
      await assert.rejects(setup.clock.until(change(window, bert, 'pause')));
      assert.equal(stateIn(window, 'bert-prod'), 'running');
      await setup.clock.advance(30 * second);
      assert.equal(stateIn(window, 'bert-prod'), 'paused');
      assert.equal(setup.received('/v2/endpoint/ada/bert-prod/pause').length, 1);
    }));

  it('a resume beyond the quota is a refusal of Inference Endpoints', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      await assert.rejects(setup.clock.until(change(window, old, 'resume')));
      window.service.showWritten();
      const [refusal] = window.snapshot.refusals;
      assert.deepEqual([refusal?.cause, refusal?.scope], ['quota', 'Inference Endpoints']);
    }));
});
