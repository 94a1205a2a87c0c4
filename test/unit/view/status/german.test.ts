import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Payer } from '../../../../src/billing/profile.ts';
import { alerts } from '../../../../src/view/alerts/alerts.ts';
import { hoverMarkdown } from '../../../../src/view/status/hoverMarkdown.ts';
import { statusBarModel } from '../../../../src/view/status/statusBarModel.ts';
import { treeModel } from '../../../../src/view/tree/treeModel.ts';
import type { TreeNode } from '../../../../src/view/tree/treeNode.ts';
import {
  anEventfulSnapshot,
  creditsRefusal,
  endpoint,
  evenSpend,
  fixedNow,
  held,
  hourMs,
  usd,
  viewInput,
} from '../builders.ts';
import { plainHover } from './plainHover.ts';

const bundle = path.resolve(import.meta.dirname, '../../../../l10n/bundle.l10n.de.json');
const german = JSON.parse(fs.readFileSync(bundle, 'utf8')) as Record<string, string>;
const groq = { kind: 'provider-key', provider: 'groq' } as const;
const acme = { kind: 'organization', name: 'acme' } as const;
const me = { kind: 'personal' } as const;
const flat = (nodes: readonly TreeNode[]): TreeNode[] =>
  nodes.flatMap(node => [node, ...flat(node.children)]);

describe('in German', () => {
  before(() => l10n.config({ contents: german }));
  after(() => l10n.config({ contents: {} }));

  const hover = (payer: Payer, snapshot = anEventfulSnapshot()) =>
    plainHover(hoverMarkdown(viewInput(snapshot, { payer, locale: 'de', held: [held()] }))).replaceAll(
      '\u00a0',
      ' ',
    );

  it('the hover’s reset is a day', () => {
    assert.match(hover({ chosen: me }), /0,98 \$ von 2,00 \$ übrig · neu am Mo\., 1\. Dez\./);
  });

  it('the hover’s forecast is a sentence of its own', () => {
    const soon = anEventfulSnapshot()
      .withCredits({ usedNanoUsd: usd(1.8) })
      .with({ spend: evenSpend(usd(1.8)) });
    assert.match(hover({ chosen: me }, soon), / · voraussichtlich Dienstag aufgebraucht/);
  });

  it('an idle endpoint’s days stand in the dative', () => {
    const history = { requests: 5, replicas: 'a', since: fixedNow - 50 * hourMs, readAt: fixedNow };
    const snapshot = anEventfulSnapshot()
      .withEndpoints('ada', endpoint('chat', { minReplicas: 1 }))
      .with({ endpointUse: [{ namespace: 'ada', name: 'chat', askedAt: fixedNow, history }] });
    const rows = flat(treeModel(viewInput(snapshot, { locale: 'de' })));
    assert.ok(rows.some(({ description }) => description?.startsWith('seit 2 Tagen ohne Anfrage')));
  });

  it('a payer’s name stands in the nominative, also one of several words', () => {
    const standIn = (profile: Payer['chosen'], chosen: Payer['chosen']): Payer => ({
      chosen,
      standIn: { profile, reason: 'credits', since: fixedNow },
    });
    assert.match(
      hover(standIn(groq, me)),
      /Ihr Guthaben ist aufgebraucht\. Jetzt zahlt Ihr Schlüssel von groq, bis wieder eigenes/,
    );
    assert.match(hover(standIn(acme, groq)), /Jetzt zahlt acme \(noch 6,10 \$\), bis wieder Geld da ist/);
    const spoken = (payer: Payer) =>
      statusBarModel(viewInput(anEventfulSnapshot(), { payer, locale: 'de' })).accessibilityLabel;
    assert.match(spoken({ chosen: groq }), /Zahler: Ihr Schlüssel von groq/);
  });

  it('no sentence ends with the period of an abbreviation and its own', () => {
    const soon = anEventfulSnapshot()
      .withCredits({ usedNanoUsd: usd(1.8) })
      .with({ spend: evenSpend(usd(1.8)) });
    for (const snapshot of [soon, anEventfulSnapshot().with({ spend: evenSpend(usd(1.02)) })]) {
      const input = viewInput(snapshot, { locale: 'de' });
      const texts = [
        ...flat(treeModel(input)).map(({ tooltip }) => tooltip().replaceAll('\\', '')),
        ...alerts(input).map(({ sentence }) => sentence),
        hover({ chosen: me }, snapshot),
      ];
      assert.ok(texts.some(text => /Von Hugging Face \(vor 40 Sek\.\)\./.test(text)));
      assert.deepEqual(
        texts.filter(text => /\.\.(?:\s|$)/.test(text)),
        [],
      );
    }
  });

  it('no line has two prepositions in a row', () => {
    const snapshots = [
      anEventfulSnapshot(),
      anEventfulSnapshot().with({ spend: evenSpend(usd(1.02)) }),
      anEventfulSnapshot()
        .withCredits({ usedNanoUsd: usd(2) })
        .withRefusals(creditsRefusal()),
    ];
    for (const snapshot of snapshots) {
      for (const chosen of [me, acme, groq]) {
        const text = hover({ chosen }, snapshot);
        assert.doesNotMatch(text, /\b(am|um|in|bis|von|über|ab|gegen) (in|am|um|vor)\b/);
      }
    }
  });

  it('no text of the bundle begins a sentence with “Sie” or “Ihr” for anything but the user', () => {
    const ofThings = Object.entries(german).filter(
      ([english, text]) => /[.:] (Sie|Ihre?[mnrs]?)\b/.test(text) && !/\byour?s?\b/i.test(english),
    );
    assert.deepEqual(ofThings, []);
  });

  it('“am” stands only before a day, never before “in 1 Tag”', () => {
    const texts = Object.entries(german).filter(([, text]) => /\b[Aa]m \{/.test(text));
    assert.deepEqual(texts.map(([english]) => english).sort(), [
      'resets {0}',
      '{0} of {1} will lapse on {2}.',
    ]);
  });
});
