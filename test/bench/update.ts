import { statusBarView } from '../../src/view/status/statusBarModel.ts';
import { changedNodes } from '../../src/view/tree/changedNodes.ts';
import { limitsView } from '../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../src/view/tree/treeNode.ts';
import {
  anEventfulSnapshot,
  credits,
  endpoint,
  fixedNow,
  hardware,
  part,
  viewInput,
} from '../unit/view/builders.ts';

/**
 * CPU of one update of status bar, hover and tree from a new snapshot: view models and the diff of rows, in plain
 * Node without VS Code. Run: node test/bench/update.ts (Node 24).
 */
const limitMs = 5;
const updates = 200;
const sizes = [
  { namespaces: 2, computes: 100, endpoints: 25 },
  { namespaces: 10, computes: 250, endpoints: 20 },
];

for (const size of sizes) {
  const base = large(size);
  const times: number[] = [];
  let nodes: ReadonlyMap<string, TreeNode> = new Map();
  for (let update = 0; update < updates; update++) {
    const now = fixedNow + update * 1_000;
    const snapshot = { ...base, credits: part(credits({ usedNanoUsd: 1_000_000_000 + update * 1_000_000 })) };
    const start = process.cpuUsage();
    const input = viewInput(snapshot, { now, timeZone: undefined });
    statusBarView(input);
    const { roots } = limitsView(input);
    nodes = changedNodes(nodes, roots).nodes;
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1_000);
  }
  const first = times[0] ?? Number.NaN;
  const sorted = times.slice(1).toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
  const name = `update.${size.namespaces}x${size.computes}x${size.endpoints}`;
  console.log(
    `${name} median=${at(0.5).toFixed(2)} ms p95=${at(0.95).toFixed(2)} ms first=${first.toFixed(0)} ms (${nodes.size} rows, limit ${limitMs} ms)`,
  );
  if (!(at(0.5) <= limitMs)) process.exitCode = 1;
}

function large({ namespaces, computes, endpoints }: (typeof sizes)[number]) {
  let builder = anEventfulSnapshot();
  for (let index = 0; index < namespaces; index++) {
    const namespace = `team-${index}`;
    const named = Array.from({ length: endpoints }, (_, each) => endpoint(`endpoint-${each}`, { namespace }));
    const rows = Array.from({ length: computes }, (_, each) =>
      hardware({ namespace, id: `aws-us-east-1-gpu-${each}`, used: each % 3, max: 8 }),
    );
    builder = builder.withEndpoints(namespace, ...named).withHardware(namespace, ...rows);
  }
  return builder.build();
}
