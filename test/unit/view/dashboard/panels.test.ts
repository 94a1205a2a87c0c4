import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { Payer } from '../../../../src/billing/profile.ts';
import type { RouterModel } from '../../../../src/hub/router.ts';
import { dashboardPanels, dashboardTitle } from '../../../../src/view/dashboard/dashboardPanels.ts';
import { dashboardState, type PanelId } from '../../../../src/view/dashboard/dashboardState.ts';
import {
  anEventfulSnapshot,
  aSnapshot,
  endpoint,
  evenSpend,
  fixedNow,
  gauge,
  hardware,
  header,
  part,
  problem,
  refusal,
  usd,
  viewInput,
} from '../builders.ts';
import { binsOf, dashboardInput, dayMs, hourMs, noon, panelOf, rowsOf, tally } from './inputs.ts';

const here = { workspace: '0123456789abcdef' };

/** The account's parts at `fixedNow`. */
function ofAccount(snapshot: ReturnType<typeof aSnapshot>, change = {}) {
  return dashboardInput({ ...viewInput(snapshot), ...change });
}

describe('the dashboard’s credits', () => {
  const ada = aSnapshot().signedIn().withAccount();

  it('are this UTC month’s spend, with the forecast’s band and the included credits', () => {
    const snapshot = ada.withCredits({ usedNanoUsd: usd(1.02) }).with({ spend: evenSpend(usd(1.02)) });
    const { chart, summary, detail, source, note } = panelOf('credits', ofAccount(snapshot));
    assert.ok(chart?.kind === 'forecast');
    assert.equal(summary, '$0.98 left of $2.00');
    assert.match(
      detail ?? '',
      /^The month will come to about \$1\.\d\d, \$1\.\d\d to \$1\.\d\d\. \$0\.\d\d will lapse on the 1st\.$/,
    );
    assert.deepEqual([source, note], ['hugging-face', 'From Hugging Face · month in UTC · 40 s ago']);
    assert.deepEqual(chart.marks, [{ id: 'included', label: 'included credits', nanoUsd: usd(2) }]);
    assert.equal(chart.points.at(-1)?.nanoUsd, usd(1.02));
    assert.equal(chart.band.at(-1)?.at, chart.until);
    assert.ok(chart.band.every(({ low, likely, high }) => low <= likely && likely <= high));
  });

  it('have a gap where nobody looked for longer than a day and a half', () => {
    const spend = evenSpend(usd(1.02)).filter(({ at }) => {
      const day = new Date(at).getUTCDate();
      return day < 5 || day > 8;
    });
    const { chart } = panelOf('credits', ofAccount(ada.withCredits().with({ spend })));
    assert.ok(chart?.kind === 'forecast');
    assert.equal(chart.points.filter(({ nanoUsd }) => nanoUsd === null).length, 1);
  });

  it('list Hugging Face’s own figures by provider, and the user’s budget as a mark', () => {
    const panel = panelOf(
      'credits',
      ofAccount(ada.withCredits(), { settings: { show: 'auto', budgetNanoUsd: usd(5) } }),
    );
    const providers = rowsOf(panel).filter(({ what }) => what === 'Provider');
    assert.deepEqual(
      providers.map(({ name, nano_usd, requests }) => [name, nano_usd, requests]),
      [
        ['novita', '$0.80', '400'],
        ['groq', '$0.22', '12'],
      ],
    );
    assert.ok(panel.chart?.kind === 'forecast');
    assert.deepEqual(
      panel.chart.marks.map(({ id }) => id),
      ['included', 'budget'],
    );
  });

  it('are a dash and a reason without a session, and with a token that may not read them', () => {
    const out = panelOf('credits', ofAccount(aSnapshot()));
    assert.equal(out.summary, 'What is left is not known.');
    assert.equal(out.problem, 'Sign in to see what Hugging Face says of your account.');
    assert.equal(out.action?.id, 'sign-in');
    const denied = panelOf('credits', ofAccount(ada.withProblem('credits', 'missing-permission')));
    assert.match(denied.problem ?? '', /^Credits could not be refreshed: This token may not read billing\./);
  });

  it('of an earlier month are no chart of this one', () => {
    const old = ada.with({
      credits: {
        value: { usedNanoUsd: usd(1), byProvider: [], otherSpend: {} },
        asOf: fixedNow - 40 * dayMs,
      },
    });
    const { chart, table } = panelOf('credits', ofAccount(old.with({ spend: evenSpend(usd(1)) })));
    assert.deepEqual([chart, table.rows], [undefined, []]);
  });
});

describe('the dashboard’s spend', () => {
  it('is told by day, provider, model, folder and payer, in UTC', () => {
    const tallies = [
      tally(here),
      tally({ provider: 'novita', billedTo: 'org:left-long-ago', costNanoUsd: usd(12_345.67) }),
      tally({ at: noon - dayMs, costNanoUsd: 400 }),
      tally({ costNanoUsd: undefined }),
    ];
    const panel = panelOf('spend', dashboardInput({ tallies, folders: { [here.workspace]: 'headroom' } }));
    assert.equal(panel.summary, '4 requests cost about $12,345.67; the cost of 1 is not known.');
    assert.match(panel.note, /^Counted here, through Headroom’s gateway · days in UTC/);
    const rows = rowsOf(panel).filter(({ by, requests }) => by !== 'Day' && requests !== '0');
    assert.deepEqual(
      rows.map(({ by, name, requests, cost_nano_usd: cost }) => `${by} ${name}: ${requests}, ${cost}`),
      [
        'Provider Novita: 1, $12,345.67',
        'Provider Groq: 3, $0.00012',
        'Model org/model: 4, $12,345.67',
        'Folder other folders, or none: 3, $12,345.67',
        'Folder headroom: 1, $0.00012',
        'Payer left-long-ago: 1, $12,345.67',
        'Payer you: 3, $0.00012',
      ],
    );
    const yesterday = rowsOf(panel).find(({ name }) => name === 'Sun, Apr 12');
    assert.equal(yesterday?.cost_nano_usd, '$0.0000004');
    const { splits } = binsOf(panel);
    assert.deepEqual(
      splits.map(({ id }) => id),
      ['provider', 'model', 'folder', 'payer'],
    );
  });

  it('has a series for each of the 11 greatest of 40 models, and one for the others', () => {
    const tallies = Array.from({ length: 40 }, (_, index) =>
      tally({ model: `org/${index}`, costNanoUsd: 1_000 * (index + 1) }),
    );
    const { splits } = binsOf(panelOf('spend', dashboardInput({ tallies })));
    const series = splits.find(({ id }) => id === 'model')?.series ?? [];
    assert.deepEqual([series.length, series[0]?.label, series.at(-1)?.label], [12, 'org/39', 'others']);
    assert.equal(series.at(-1)?.values.at(-1), 1_000 * ((29 * 30) / 2));
  });

  it('says what this folder cost since midnight here', () => {
    const today = { requests: 2, costNanoUsd: usd(0.07), uncosted: 0 };
    const { detail } = panelOf('spend', dashboardInput({ tallies: [tally()], today }));
    assert.equal(detail, 'Today, since midnight here, this folder cost about $0.07.');
  });

  it('marks who paid from when on, in chart and table', () => {
    const switches = [
      { at: noon - dayMs, from: 'personal', to: 'org:acme', reason: 'chosen', workspace: here.workspace },
      { at: noon - 60_000, from: 'org:acme', to: 'key:groq', reason: 'credits' },
      { at: noon, from: 'key:groq', to: 'org:acme', reason: 'returned' },
    ] as const;
    const folders = { [here.workspace]: 'headroom' };
    const panel = panelOf('spend', dashboardInput({ tallies: [tally(here)], switches, folders }));
    assert.deepEqual(binsOf(panel).events, [
      { at: noon - dayMs, label: 'Pays now: acme in headroom', time: 'Apr 12, 12:00 UTC' },
      { at: noon - 60_000, label: 'Credits used up, pays now: your groq key', time: 'Apr 13, 11:59 UTC' },
      { at: noon, label: 'Pays again: acme', time: 'Apr 13, 12:00 UTC' },
    ]);
    const rows = rowsOf(panel).filter(({ by }) => by === 'Switch');
    assert.equal(rows[2]?.name, 'Apr 13, 12:00 UTC: Pays again: acme');
  });

  it('names a folder without a name by its id', () => {
    const rows = rowsOf(panelOf('spend', dashboardInput({ tallies: [tally(here)] })));
    assert.ok(rows.some(({ name }) => name === 'folder 012345'));
  });

  it('tells of requests that a clock dated after now, and of a ledger that can’t be read', () => {
    const early = panelOf('spend', dashboardInput({ tallies: [tally(), tally({ at: noon + 3 * dayMs })] }));
    assert.match(
      early.problem ?? '',
      /^Some requests are dated after now: this computer’s clock was set back\./,
    );
    assert.equal(early.summary, '1 request cost about $0.00012.');
    const snapshot = aSnapshot().with({ ledgerProblem: 'The disk is full.' }).build();
    const broken = panelOf('use', dashboardInput({ snapshot, tallies: [tally()] }));
    assert.equal(broken.problem, 'Headroom’s memory of past limits: The disk is full.');
    assert.equal(rowsOf(broken).length, 1);
  });
});

describe('the dashboard’s use and speed', () => {
  it('are told by provider and model', () => {
    const tallies = [
      tally({ durationMs: 1_000, firstByteMs: 200 }),
      tally({ durationMs: 2_000, firstByteMs: 400 }),
      tally({ durationMs: 600 }),
      tally({ status: 429, promptTokens: undefined, completionTokens: undefined, durationMs: 5 }),
      tally({ provider: undefined, model: undefined, costNanoUsd: 0 }),
    ];
    const input = dashboardInput({ tallies, timeZone: 'Asia/Kolkata' });
    const use = panelOf('use', input);
    assert.equal(use.summary, '5 requests · 2,000 tokens in, 360 tokens out · 1 refused');
    assert.equal(use.note, 'Counted here, through Headroom’s gateway · days in Asia/Kolkata, from 00:30');
    assert.deepEqual(rowsOf(use)[0], {
      provider: 'Groq',
      model: 'org/model',
      requests: '4',
      refused: '1',
      prompt_tokens: '1,500',
      completion_tokens: '270',
      cost_nano_usd: '$0.00048',
      requests_of_unknown_cost: '0',
    });
    assert.equal(rowsOf(use)[1]?.provider, 'no provider named');
    const latency = panelOf('latency', input);
    assert.equal(latency.summary, 'An answer took 1.2 s on average; a stream began after 300 ms.');
    assert.match(
      latency.note,
      /means of successful requests, from their arrival at the gateway, waits included/,
    );
    assert.ok(latency.chart?.kind === 'amounts');
    assert.deepEqual(latency.chart.rows, [
      { id: 'groq\norg/model', label: 'org/model · Groq', value: 1_200, text: '1.2 s · first byte 300 ms' },
    ]);
    assert.equal(rowsOf(latency)[0]?.mean_time_to_first_byte_ms, '300 ms');
  });

  it('know no time to first byte where nothing was streamed', () => {
    const latency = panelOf('latency', dashboardInput({ tallies: [tally()] }));
    assert.equal(latency.summary, 'An answer took 800 ms on average. None was streamed.');
    assert.equal(rowsOf(latency)[0]?.mean_time_to_first_byte_ms, '–');
  });
});

describe('the dashboard’s refusals', () => {
  it('are told by cause and by server, on the reader’s days', () => {
    const refusals = [
      refusal({ at: noon - hourMs }),
      refusal({ at: noon - 2 * dayMs, cause: 'credits', by: 'huggingface', scope: 'credits', status: 402 }),
      refusal({ at: noon - 2 * dayMs - hourMs, cause: 'tokens', scope: 'other' }),
    ];
    const panel = panelOf('refusals', dashboardInput({ refusals }));
    assert.equal(panel.summary, '3 refusals, most of them: too many tokens.');
    assert.equal(panel.action?.id, 'open-refusals');
    assert.deepEqual(rowsOf(panel), [
      { cause: 'too many tokens', refused_by: 'Groq', refusals: '2' },
      { cause: 'credits used up', refused_by: 'Hugging Face', refusals: '1' },
    ]);
    const { splits } = binsOf(panel);
    assert.deepEqual(
      splits.map(({ id, series }) => [id, series.length]),
      [
        ['cause', 2],
        ['by', 2],
      ],
    );
  });

  it('of months before the 90 days that they are kept are not known', () => {
    const { splits } = binsOf(
      panelOf('refusals', dashboardInput({ range: 'year', refusals: [refusal({ at: noon })] })),
    );
    const values = splits[0]?.series[0]?.values ?? [];
    assert.deepEqual(values, [...Array.from({ length: 8 }, () => null), 0, 0, 0, 1]);
  });
});

describe('the dashboard’s rate windows', () => {
  it('are filled with what is left, and unknown ones say so', () => {
    const snapshot = aSnapshot()
      .signedIn()
      .withGauges(gauge('api', 23, 2_500), gauge('search', 300, 300))
      .withHeaders(header('resolvers', 11_990, 12_000));
    const { chart, summary, source } = panelOf('windows', ofAccount(snapshot));
    assert.ok(chart?.kind === 'gauges');
    assert.deepEqual(
      chart.gauges.map(({ label, value, level }) => `${label}: ${value}, ${level}`),
      [
        'Hub API: 2,477 of 2,500 left, fine',
        'Hub downloads: 10 of 12,000 left, low',
        'Hub search: 0 of 300 left, out',
      ],
    );
    assert.equal(chart.gauges[1]?.resetsAt, fixedNow + 112_000);
    assert.deepEqual([summary, source], ['Hub search full', 'hugging-face']);
    const stale = panelOf(
      'windows',
      ofAccount(
        aSnapshot()
          .signedIn()
          .with({ gauges: part({ windows: [gauge('api', 1, 2, { asOf: fixedNow - hourMs })] }) }),
      ),
    );
    assert.ok(stale.chart?.kind === 'gauges');
    assert.deepEqual(stale.chart.gauges[0], {
      id: '//api',
      label: 'Hub API',
      left: null,
      value: '– of 2',
      level: 'unknown',
    });
  });
});

describe('the dashboard’s endpoints', () => {
  it('are listed with their cost per hour, and this month’s by namespace', () => {
    const snapshot = anEventfulSnapshot().withCredits({ otherSpend: { endpoints: usd(12.4) } });
    const panel = panelOf('endpoints', ofAccount(snapshot));
    assert.equal(panel.summary, '2 running · $1.60/h · at least $12.40 this month');
    const [all, team, first] = rowsOf(panel);
    assert.deepEqual(
      [all, team, first].map(row => [row?.namespace, row?.name, row?.nano_usd_per_hour, row?.month_nano_usd]),
      [
        ['ada', 'all together', '$0.80/h', '$12.40'],
        ['acme', 'all together', '$0.80/h', '–'],
        ['ada', 'bert-prod', '$0.80/h', '–'],
      ],
    );
  });

  it('of 300 are bounded: the dearest are named, the rest is one row', () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      endpoint(`e${index}`, index % 2 === 0 ? {} : { state: 'paused' }),
    );
    const panel = panelOf(
      'endpoints',
      ofAccount(
        aSnapshot()
          .signedIn()
          .withAccount()
          .withEndpoints('ada', ...many)
          .withHardware('ada', hardware()),
      ),
    );
    assert.equal(panel.table.rows.length, 52);
    assert.deepEqual(rowsOf(panel).at(-1), {
      ...{ namespace: '–', name: '250 more', state: '–', replicas: '–' },
      ...{ nano_usd_per_hour: '$80.00/h', month_nano_usd: '–' },
    });
    assert.ok(panel.chart?.kind === 'amounts');
    assert.equal(panel.chart.rows.length, 21);
    const sum = panel.chart.rows.reduce((all, { value }) => all + (value ?? 0), 0);
    assert.equal(sum, usd(150 * 0.8));
  });

  it('of an organization that was left are missing with a sentence', () => {
    const snapshot = aSnapshot()
      .signedIn()
      .withEndpoints('ada', endpoint('bert'))
      .with({
        endpoints: { ada: part([endpoint('bert')]), left: { problem: problem('missing-permission') } },
      });
    const panel = panelOf('endpoints', ofAccount(snapshot));
    assert.match(
      panel.problem ?? '',
      /^Inference Endpoints of left could not be refreshed: This token may not/,
    );
    assert.equal(rowsOf(panel).at(-1)?.name, 'bert');
  });
});

describe('the dashboard’s prices', () => {
  const offer = (provider: string, price: number | undefined, throughput: number) => ({
    ...{ provider, status: 'live', isFree: false, throughput, firstTokenLatencyMs: 300 },
    ...(price !== undefined && { pricing: { input: price, output: price } }),
  });
  const models: readonly RouterModel[] = [
    {
      id: 'org/model',
      offers: [offer('groq', 1, 400), offer('novita', 0.25, 60), offer('nscale', undefined, 90)],
    },
    { id: 'org/other', offers: [offer('nscale', undefined, 90), offer('groq', 2, 50)] },
  ];
  const tokens = { promptTokens: 1_000_000, completionTokens: 1_000_000 };

  it('are compared for the tokens that were counted, and the cheapest and the fastest are marked', () => {
    const tallies = [tally({ ...tokens, model: 'org/model:groq' })];
    const panel = panelOf('prices', dashboardInput({ tallies, models }));
    assert.equal(
      panel.summary,
      'At list prices these tokens cost $2.00 where they were used, and $0.50 at the cheapest providers.',
    );
    assert.deepEqual(
      rowsOf(panel).map(({ provider, nano_usd, remark }) => [provider, nano_usd, remark]),
      [
        ['Novita', '$0.50', 'cheapest'],
        ['Groq', '$2.00', 'used · fastest'],
        ['Nscale', '–', 'lists no price'],
      ],
    );
    assert.ok(panel.chart?.kind === 'amounts');
    assert.deepEqual(
      panel.chart.rows.map(({ id, value }) => [id, value]),
      [
        ['used', usd(2)],
        ['fastest', usd(2)],
        ['cheapest', usd(0.5)],
      ],
    );
  });

  it('leave out models whose used provider lists none, and say how many', () => {
    const tallies = [
      tally({ ...tokens }),
      tally({ ...tokens, model: 'org/other', provider: 'nscale' }),
      tally({ ...tokens, model: 'org/unlisted' }),
    ];
    const panel = panelOf('prices', dashboardInput({ tallies, models }));
    assert.equal(panel.detail, 'Left out: 2 of 3 models, since a provider that answered lists no price.');
    const unlisted = rowsOf(panel).find(({ model }) => model === 'org/unlisted');
    assert.deepEqual([unlisted?.provider, unlisted?.remark], ['–', 'the router does not list this model']);
  });

  it('that could not be loaded are missing with a reason', () => {
    const panel = panelOf(
      'prices',
      dashboardInput({ tallies: [tally()], modelsProblem: 'The router is down.' }),
    );
    assert.equal(
      panel.problem,
      'The router’s list of models and prices could not be loaded, or not yet. · The router is down.',
    );
    assert.deepEqual([panel.summary, panel.table.rows, panel.chart], ['No prices are known.', [], undefined]);
  });
});

const acme: Payer = { chosen: { kind: 'organization', name: 'acme' } };

describe('the dashboard’s panels', () => {
  it('say where their figures come from and which days they count', () => {
    const panels = dashboardPanels(ofAccount(anEventfulSnapshot(), { timeZone: 'Europe/Berlin' }));
    const notes = Object.fromEntries(panels.map(({ id, source, note }) => [id, `${source}: ${note}`]));
    const clocks: Partial<Record<PanelId, RegExp>> = {
      credits: /^hugging-face: From Hugging Face · month in UTC/,
      spend: /^counted-here: .*days in UTC/,
      use: /^counted-here: .*days in Europe\/Berlin$/,
      latency: /^counted-here: .*days in Europe\/Berlin$/,
      refusals: /^counted-here: .*days in Europe\/Berlin$/,
      windows: /^hugging-face: From Hugging Face · live/,
      endpoints: /^hugging-face: .*month in UTC/,
      prices: /^hugging-face: .*days in UTC/,
    };
    assert.deepEqual(Object.keys(notes), Object.keys(clocks));
    for (const [id, clock] of Object.entries(clocks)) assert.match(notes[id] ?? '', clock);
  });

  it('fit what the page takes, with everything known', () => {
    const panels = dashboardPanels(ofAccount(anEventfulSnapshot(), { refusals: [refusal()] }));
    assert.deepEqual(v.parse(dashboardState.entries.panels, panels), panels);
  });

  it('stand below the payer’s name', () => {
    const ada = aSnapshot().signedIn().withAccount();
    assert.equal(dashboardTitle(viewInput(ada)), 'You pay · ada · PRO');
    assert.equal(dashboardTitle(viewInput(ada, { payer: acme })), 'acme pays · Team');
  });

  it('stand below no payer without a token, which only the key of a provider replaces', () => {
    const title = (payer?: Payer) => dashboardTitle(viewInput(aSnapshot(), { payer }));
    const nobody = 'Nobody pays yet · not signed in to Hugging Face';
    assert.deepEqual([title(), title(acme)], [nobody, nobody]);
    assert.equal(title({ chosen: { kind: 'provider-key', provider: 'groq' } }), 'groq pays');
  });
});
