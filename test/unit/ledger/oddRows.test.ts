import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AccountService } from '../../../src/account/accountService.ts';
import { fingerprint } from '../../../src/account/fingerprint.ts';
import { parseReading } from '../../../src/account/storedReading.ts';
import { PayerStore } from '../../../src/billing/payerStore.ts';
import { billingJson } from '../../../src/cli/json/billingJson.ts';
import { refusalJson } from '../../../src/cli/json/refusalJson.ts';
import { statusJson } from '../../../src/cli/json/statusJson.ts';
import { refusalTable } from '../../../src/cli/table/refusalSection.ts';
import { statusTable } from '../../../src/cli/table/statusTable.ts';
import { alignRows } from '../../../src/cli/table/tableLayout.ts';
import { huggingFaceServers } from '../../../src/hub/servers.ts';
import { DashboardReader } from '../../../src/ledger/dashboardReader.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { openInMemory } from '../../../src/ledger/openDatabase.ts';
import { sweepEveryMs } from '../../../src/ledger/retention.ts';
import { anyIntegers } from '../../../src/ledger/storedRow.ts';
import type { Tables } from '../../../src/ledger/tables.ts';
import { newBlockedNotices } from '../../../src/view/refusals/blockedNoticesModel.ts';
import { refusalDocument } from '../../../src/view/refusals/refusalDocument.ts';
import { groupRefusals } from '../../../src/view/refusals/refusalGroups.ts';
import { refusalReport } from '../../../src/view/refusals/refusalReport.ts';
import { badgeModel } from '../../../src/view/status/badgeModel.ts';
import { hoverMarkdown } from '../../../src/view/status/hoverMarkdown.ts';
import { statusBarModel } from '../../../src/view/status/statusBarModel.ts';
import { limitsView } from '../../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../../src/view/tree/treeNode.ts';
import { anySnapshot } from '../view/anySnapshot.ts';
import { anEventfulSnapshot, viewInput } from '../view/builders.ts';
import { dayMs, noon, refusal } from './refusals.ts';
import { billingSwitch, ever, tally, total } from './tallies.ts';
import { TemporaryLedger } from './temporaryLedger.ts';

const token = 'hf_oddrowsoddrowsoddrowsoddrowsoddrow';
const account = fingerprint(token, huggingFaceServers);

const anyJson = fc.oneof(
  fc.json(),
  fc.constantFrom(
    '{',
    '[null]',
    '{"kind":"constructor"}',
    '{"toString":1}',
    '[{"bucket":{}}]',
    '1e999',
    '""',
  ),
);
const anyValue = fc.oneof(
  fc.constantFrom<(null | number | bigint | string)[]>(
    null,
    0,
    -1,
    0.5,
    1e300,
    -1e300,
    Number.POSITIVE_INFINITY,
    9e15,
    8.64e15 + 1,
    2n ** 63n - 1n,
    -(2n ** 63n),
    '',
    'constructor',
    'NaN',
    'x'.repeat(5_000),
  ),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double(),
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 8 }),
  anyJson,
);

/** Another value in a column. */
interface Change {
  readonly place: number;
  readonly value: null | number | bigint | string | Uint8Array;
  readonly path: number;
}

const anyChanges: fc.Arbitrary<Change[]> = fc.array(
  fc.record({ place: fc.nat(), value: anyValue, path: fc.nat() }),
  { minLength: 1, maxLength: 8 },
);

function fill(ledger: Ledger): void {
  const { account: whoami, credits, ...rest } = anEventfulSnapshot().build();
  const parts: Record<string, unknown> = {
    whoami: whoami.value,
    usage: credits.value,
    'organization-usage/acme': rest.organizationCredits.acme?.value,
    jobs: rest.jobs.value,
    'zero-gpu': rest.zeroGpu.value,
    live: {
      asOf: noon,
      credits: { value: credits.value, asOf: noon },
      gauges: { value: rest.gauges.value, asOf: noon },
    },
    'endpoints/ada': Object.values(rest.endpoints)[0]?.value,
    'hardware/ada': Object.values(rest.hardware)[0]?.value,
    'header-windows': rest.headerWindows,
    'clock-skew': 3_000,
  };
  const problem = { kind: 'timeout', message: 'late', since: noon, at: noon, failures: 1, nextTryAt: noon };
  for (const [name, value] of Object.entries(parts)) {
    const stored = { value: JSON.stringify(value), asOf: noon - 1_000, problem: JSON.stringify(problem) };
    ledger.writePart(account, `v1/${name}`, stored);
  }
  ledger.recordBalance(account, noon - 60_000, 1);
  ledger.recordBalance(account, noon - 1_000, 2);
  ledger.recordRefusals([refusal(), refusal({ at: noon - 1, source: 'terminal', program: 'python a.py' })]);
  ledger.recordRefusals([refusal({ status: 402, cause: 'credits', headers: { 'retry-after': '7' } })]);
  ledger.recordTallies([tally(), tally({ model: 'org/other' })]);
  ledger.recordSwitch(billingSwitch());
  ledger.acquireLease(`poll/${account}`, 'other', noon, 30_000);
  new PayerStore(ledger).choose({ kind: 'organization', name: 'acme' });
  new PayerStore(ledger).standIn({ profile: { kind: 'personal' }, reason: 'credits', since: noon });
  ledger.shareLimits([]);
}

function change({ database }: Tables, { place, value, path }: Change): void {
  const columns = database
    .prepare(
      `SELECT m.name AS "table", c.name AS "column" FROM sqlite_master m, pragma_table_info(m.name) c
       WHERE m.type = 'table' AND m.name <> 'learned_limits' ORDER BY 1, 2`,
    )
    .all();
  const { table, column } = columns[place % columns.length] ?? {};
  const withoutRowId = /^(parts|balances|leases|preferences|request_hours|refusal_hours|workspace_quarters)$/;
  const hasRowId = !withoutRowId.test(String(table));
  const where = hasRowId ? `WHERE rowid % 2 = ${path % 2}` : '';
  const select = anyIntegers(database.prepare(`SELECT ${column} AS value FROM ${table} LIMIT 1 OFFSET ?`));
  const stored = select.get(path % 7)?.value;
  const odd = path % 3 === 0 && typeof stored === 'string' ? changedJson(stored, path, value) : value;
  try {
    database.prepare(`UPDATE OR IGNORE ${table} SET ${column} = ? ${where}`).run(odd);
  } catch (error) {
    // SQLite keeps an `id` from other types.
    assert.match(String(error), /datatype mismatch/);
  }
}

/** JSON with another value in one place. */
function changedJson(json: string, path: number, value: Change['value']): string {
  let places = 0;
  const odd = typeof value === 'bigint' ? Number(value) : value;
  try {
    const count = [...json.matchAll(/[:[,]/g)].length || 1;
    return (
      JSON.stringify(JSON.parse(json, (_, each) => (places++ === path % count ? (odd as unknown) : each))) ??
      json
    );
  } catch {
    return json;
  }
}

function everything(nodes: readonly TreeNode[]): string[] {
  return nodes.flatMap(node => [
    node.label,
    node.tooltip(),
    String(node.copyValue),
    ...everything(node.children),
  ]);
}

/** Everything that reads the ledger for people and programs. */
async function show(ledger: Ledger, now: number): Promise<void> {
  const session = {
    summary: { id: 's', label: 'ada', source: { kind: 'environment', variable: 'HF_TOKEN' } },
    token,
  } as const;
  const silent = () => {};
  const service = new AccountService({
    ledger,
    sessions: { look: async () => ({ session }), stamp: () => '' },
    servers: huggingFaceServers,
    http: () => assert.fail('no network'),
    clock: { now: () => now, setTimeout: () => 0, clearTimeout: silent },
    random: () => 0.5,
    log: { debug: silent, info: silent, warn: silent, error: message => assert.fail(message) },
    holder: 'test',
  });
  try {
    await service.followSession();
    const { snapshot } = service;
    const { payer } = new PayerStore(ledger);
    const status = statusJson(snapshot, service.problems, payer, now);
    JSON.stringify([status, billingJson(payer), ledger.refusalsBetween(0, 9e15, 99).map(refusalJson)]);
    statusTable(status, { now, width: 80, color: false });
    alignRows(refusalTable(status.refusals, now), 80);
    const gatewayUse = { since: 0, totals: ledger.tallyTotals(0) };
    const input = viewInput(snapshot, { now, payer, gatewayUse });
    statusBarModel(input);
    hoverMarkdown(input);
    badgeModel(input);
    everything(limitsView(input).roots);
    newBlockedNotices(input, ledger);
    for (const group of groupRefusals(snapshot.refusals)) {
      refusalReport(group);
      refusalDocument(group.newest, group, input);
    }
    ledger.lastTallies(99);
    ledger.switchesWithin(ever, 99);
    const spans = [2, 1, 0].map(day => ({ from: noon - day * dayMs, until: noon + (1 - day) * dayMs }));
    new DashboardReader(ledger).read(spans, noon);
  } finally {
    service.dispose();
  }
}

function writeMore(ledger: Ledger): void {
  ledger.recordRefusals([refusal({ at: noon + 1 }), refusal({ at: noon + 2, source: 'terminal' })]);
  ledger.recordTallies([tally(), tally({ model: 'org/third' })]);
  ledger.recordSwitch(billingSwitch());
  ledger.setPreference('any', 'write');
  ledger.acquireLease(`poll/${account}`, 'here', noon + 1, 30_000);
}

describe('rows that Headroom did not write', () => {
  it('make no view and no command throw, in any column of any table', async () => {
    await fc.assert(
      fc.asyncProperty(anyChanges, async changes => {
        let now = noon;
        const tables = openInMemory();
        const store = {
          health: { kind: 'ok' },
          generation: 1,
          call: <T>(run: (tables: Tables) => T) => run(tables),
          followFile() {},
          close() {},
        } as const;
        const ledger = new Ledger(store, () => now);
        fill(ledger);
        for (const one of changes) change(tables, one);
        await show(ledger, now);
        writeMore(ledger);
        now += sweepEveryMs;
        writeMore(ledger);
        await show(ledger, now);
        tables.database.close();
      }),
      { numRuns: 100 },
    );
  });

  it('are left out, and named once in the log', async () => {
    const temporary = new TemporaryLedger();
    try {
      const ledger = temporary.open();
      ledger.recordRefusals([refusal(), refusal({ model: 'a' }), refusal({ model: 'b' })]);
      ledger.recordTallies([tally(), tally({ model: 'org/other' })]);
      const [file] = [openInMemory()];
      file.database.exec(`ATTACH '${temporary.path}' AS disk`);
      file.database.exec("UPDATE disk.refusals SET at = 'then' WHERE model = 'a'");
      file.database.exec("UPDATE disk.refusals SET cause = 'whim' WHERE model = 'b'");
      file.database.exec("UPDATE disk.request_hours SET requests = 'x' WHERE model = 'org/other'");
      file.database.close();
      assert.deepEqual(ledger.lastRefusals(9), [refusal()]);
      assert.deepEqual(ledger.lastRefusals(9), [refusal()]);
      assert.deepEqual(ledger.tallyTotals(0), [total()]);
      assert.deepEqual(temporary.lines, ["ledger: 2 odd rows of refusals can't be read, and are left out"]);
    } finally {
      await temporary.clear();
    }
  });
});

describe('stored readings', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(anySnapshot, snapshot => {
        const written: [string, unknown][] = [
          ['whoami', snapshot.account.value],
          ['usage', snapshot.credits.value],
          ['jobs', snapshot.jobs.value],
          ['zero-gpu', snapshot.zeroGpu.value],
          ['header-windows', snapshot.headerWindows],
          ...Object.values(snapshot.endpoints).map((part): [string, unknown] => ['endpoints/a', part.value]),
          ...Object.values(snapshot.hardware).map((part): [string, unknown] => ['hardware/a', part.value]),
          ['live', { asOf: 1, gauges: snapshot.gauges.value && { value: snapshot.gauges.value, asOf: 1 } }],
        ];
        for (const [name, value] of written) {
          if (value === undefined) continue;
          const json = JSON.stringify(value);
          assert.deepEqual(parseReading(name, json), JSON.parse(json));
        }
      }),
    );
  });
});
