import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../src/account/snapshot.ts';
import { treeModel } from '../../../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../../../src/view/tree/treeNode.ts';
import {
  aSnapshot,
  dayMs,
  endpoint,
  fixedNow,
  hardware,
  header,
  hourMs,
  hubRefusal,
  minuteMs,
  refusal,
  type SnapshotBuilder,
  viewInput,
} from '../builders.ts';

const ada = aSnapshot().signedIn().withAccount();
const flat = (nodes: readonly TreeNode[]): TreeNode[] =>
  nodes.flatMap(node => [node, ...flat(node.children)]);
const rows = (snapshot: SnapshotBuilder) => flat(treeModel(viewInput(snapshot.build())));

describe('an endpoint’s row', () => {
  const of = (change: Parameters<typeof endpoint>[1], more: Partial<Snapshot> = {}) => {
    const found = rows(ada.withEndpoints('ada', endpoint('e', change)).with(more)).find(
      ({ id }) => id === 'endpoints/ada/e',
    );
    return found ?? assert.fail('no row');
  };
  const url = 'https://abc.endpoints.huggingface.cloud';

  it('offers what its state allows', () => {
    assert.equal(of({ url }).contextValue, 'endpoint.pause.scaleToZero.call.page');
    assert.equal(of({ state: 'paused' }).contextValue, 'endpoint.resume.page');
    assert.equal(of({ state: 'scaledToZero', url }).contextValue, 'endpoint.pause.call.page');
    assert.equal(of({ state: 'new-at-hf' }).contextValue, 'endpoint.page');
  });

  it('says what it is changing to, and offers no other change meanwhile', () => {
    const change = { namespace: 'ada', name: 'e', action: 'pause', sentAt: fixedNow } as const;
    const changing = of({}, { endpointChanges: [change] });
    assert.match(changing.description ?? '', /^pausing…/);
    assert.equal(changing.contextValue, 'endpoint.page');
  });

  it('says for how long it is idle in place of “running”, in its words too, and what says so', () => {
    const use = (sinceMs: number, readMs = 4 * minuteMs) => [
      {
        namespace: 'ada',
        name: 'e',
        askedAt: fixedNow,
        history: { requests: 5, replicas: 'a', since: fixedNow - sinceMs, readAt: fixedNow - readMs },
      },
    ];
    const stays = { minReplicas: 1 };
    const idle = of(stays, { endpointUse: use(3 * hourMs + 20 * minuteMs) });
    assert.match(idle.description ?? '', /^idle for 3 h · 1 × /);
    assert.match(idle.accessibilityLabel, /e, running, idle for 3 hours, 1 × /);
    assert.doesNotMatch(idle.tooltip(), /Scales to zero/);
    assert.match(idle.tooltip(), /No request for 3 h \\\(counted 4 min ago by Hugging Face\\\)/);
    for (const [hours, shown, spoken] of [
      [24, '24 h', '24 hours'],
      [47, '47 h', '47 hours'],
      [48, '2 days', '2 days'],
      [71, '2 days', '2 days'],
    ] as const) {
      const longer = of(stays, { endpointUse: use(hours * hourMs + 5 * minuteMs) });
      assert.match(longer.description ?? '', new RegExp(`^idle for ${shown} · `));
      assert.match(longer.accessibilityLabel, new RegExp(`, idle for ${spoken}, `));
    }
    for (const busy of [
      of(stays, { endpointUse: use(2 * hourMs) }),
      of(stays, { endpointUse: use(3 * dayMs, 3 * hourMs) }),
      of(stays),
      of({}, { endpointUse: use(9 * hourMs) }),
    ]) {
      assert.match(busy.description ?? '', /^running · 1 × /);
      assert.doesNotMatch(busy.tooltip(), /No request/);
    }
  });

  it('shows a spending limit that stopped it, its start this month, or its requests in the last hour', () => {
    const stopped = of({ state: 'paused', message: 'Resource group spend limit reached' });
    assert.match(stopped.description ?? '', /^spending limit · paused/);
    assert.match(stopped.tooltip(), /resource group of its model has reached its spending limit/);
    const rejected = refusal({
      cause: 'spending-limit',
      by: 'huggingface',
      scope: 'Inference Endpoints',
      model: 'ada/e',
    });
    assert.match(of({ state: 'paused' }, { refusals: [rejected] }).description ?? '', /^spending limit/);
    assert.doesNotMatch(of({}, { refusals: [rejected] }).description ?? '', /spending limit/);
    const request = { ...rejected, model: 'abc.endpoints.huggingface.cloud' };
    assert.match(of({ url }, { refusals: [request] }).description ?? '', /^spending limit · running/);
    const raised = { ...request, at: fixedNow - 2 * hourMs };
    assert.doesNotMatch(of({ url }, { refusals: [raised] }).description ?? '', /limit/);
    assert.doesNotMatch(
      of({ url, state: 'scaledToZero' }, { refusals: [raised] }).description ?? '',
      /limit/,
    );
    const before = { ...rejected, at: fixedNow - 30 * dayMs };
    assert.doesNotMatch(of({ state: 'paused' }, { refusals: [before] }).description ?? '', /limit/);
  });
});

describe('a full limit', () => {
  it('asks for more in its row, one with room does not', () => {
    const nodes = rows(
      ada
        .withHardware('ada', hardware(), hardware({ id: 'other', used: 1 }))
        .withHeaders(header('api', 2_500, 2_500), header('pages', 1, 400))
        .withZeroGpu({ remainingSeconds: 0 })
        .withRefusals(hubRefusal(minuteMs), refusal()),
    );
    const asking = nodes.filter(({ contextValue }) => /\.ask\b/.test(contextValue));
    assert.deepEqual(
      asking.map(({ quota }) => quota?.kind),
      ['hub-window', 'hub-window', 'endpoint-hardware', 'zero-gpu'],
    );
    assert.match(asking[2]?.tooltip() ?? '', /\]\(command:headroom\.askForMore\?/);
  });
});
