import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Item, parseList, serializeList, Token } from 'structured-headers';
import { headerValue } from '../../../../src/limits/headers/headers.ts';
import {
  parseRateLimitHeaders,
  type RateWindow,
  windowState,
} from '../../../../src/limits/headers/rateLimit.ts';

const now = Date.UTC(2026, 9, 14, 9, 30);
const read = (limit?: string, policy?: string) => parseRateLimitHeaders(limit, policy, now);

describe('RateLimit headers', () => {
  it("are read in HF's form, which is no structured field", () => {
    assert.throws(() => parseList('"fixed window";"api";q=1000;w=300'));
    assert.deepEqual(read('"api";r=999;t=242', '"fixed window";"api";q=1000;w=300'), [
      {
        bucket: 'api',
        used: 1,
        remaining: 999,
        limit: 1000,
        windowSeconds: 300,
        resetsAt: now + 242_000,
        asOf: now,
        source: 'header',
      },
    ]);
  });

  it('are found in fetch headers, in plain records of any case and in repeated lines', () => {
    const value = '"api";r=5;t=1';
    assert.equal(headerValue(new Headers({ RateLimit: value }), 'ratelimit'), value);
    assert.equal(headerValue({ RateLimit: value }, 'ratelimit'), value);
    const lines = headerValue({ ratelimit: [value, '"pages";r=7;t=2'] }, 'ratelimit');
    assert.deepEqual(
      read(lines).map(window => [window.bucket, window.remaining]),
      [
        ['api', 5],
        ['pages', 7],
      ],
    );
  });

  for (const [limit, policy, expected] of [
    ['"api" ; r = 1 ;t=2', undefined, { bucket: 'api', remaining: 1, resetsAt: now + 2000 }],
    ['api;r=1;t=2', 'fixed window;api;q=10;w=300', { bucket: 'api', remaining: 1, limit: 10, used: 9 }],
    ['"api";t=2', '"fixed window";"api";q=10;w=300', { bucket: 'api', limit: 10, resetsAt: now + 2000 }],
    ['"api";r=3', undefined, { bucket: 'api', remaining: 3 }],
    [undefined, '"fixed window";"api";q=10;w=300', { bucket: 'api', limit: 10, windowSeconds: 300 }],
    ['"a.b c/d";r=1', undefined, { bucket: 'a.b c/d', remaining: 1 }],
    ['"a: b/c";r=1', undefined, { bucket: 'a: b/c', remaining: 1 }],
    ['"api";r=12;t=0', '"fixed window";"api";q=10;w=300', { used: 0, remaining: 12 }],
  ] as const) {
    it(`with missing parts are read as far as possible: ${limit} / ${policy}`, () => {
      const [window] = read(limit, policy);
      assert.deepEqual({ ...window, ...expected }, window);
    });
  }

  // https://github.com/ietf-wg-httpapi/ratelimit-headers/pull/166
  it("are read by the parameter names of the IETF draft's next text: `a` and `w`", () => {
    const [window] = read('"burst";a=80;w=45', '"burst";q=100;w=60');
    assert.deepEqual(window, {
      bucket: 'burst',
      used: 20,
      remaining: 80,
      limit: 100,
      windowSeconds: 60,
      resetsAt: now + 45_000,
      asOf: now,
      source: 'header',
    });
  });

  it('with both old and new parameter names are read by the old ones', () => {
    const [window] = read('"burst";r=8;a=80;t=4;w=45');
    assert.deepEqual([window?.remaining, window?.resetsAt], [8, now + 4000]);
  });

  it('without `a` and `t` name no reset: `w` beside `r` is the length of the window', () => {
    assert.equal(read('"burst";r=8;w=60')[0]?.resetsAt, undefined);
  });

  for (const [seconds, windowSeconds, isBelieved] of [
    [300, 300, true],
    [301, 300, true], // rounded up
    [302, 300, false],
    [86_400, 86_400, true],
    [3_600, undefined, true],
    [3_602, undefined, false],
    [32 * 86_400 + 2, 32 * 86_400, false],
    [3_602, 33 * 86_400, false],
    [9_999_999_999_999, 300, false],
    [999_999_999_999, undefined, false],
  ] as const) {
    it(`with a reset in ${seconds} s and a window of ${windowSeconds} s have ${isBelieved ? 'that' : 'no'} reset`, () => {
      const policy = windowSeconds === undefined ? undefined : `"fixed window";"api";q=5;w=${windowSeconds}`;
      const [window] = read(`"api";r=0;t=${seconds}`, policy);
      assert.equal(window?.remaining, 0);
      assert.equal(window?.resetsAt, isBelieved ? now + seconds * 1000 : undefined);
    });
  }

  it('have no window of a bucket whose name is long or no name', () => {
    for (const bucket of ['b'.repeat(65), 'a\\"b', '\u0000', ' ', 'a,b;c', '€', '<b>']) {
      assert.deepEqual(read(`"${bucket}";r=1;t=2`), [], bucket);
    }
  });

  it('have at most 16 windows', () => {
    const many = Array.from({ length: 500 }, (_, at) => `"b${at}";r=0;t=9`).join(', ');
    assert.equal(read(many, many).length, 16);
  });

  it('with a window longer than 32 days have no length', () => {
    assert.equal(read('"api";r=0', '"api";q=5;w=99999999999')[0]?.windowSeconds, undefined);
  });

  it('have no values for missing parts, instead of 0', () => {
    const [window] = read('"api";r=3');
    const missing = { used: undefined, limit: undefined, windowSeconds: undefined, resetsAt: undefined };
    assert.deepEqual(window, { bucket: 'api', remaining: 3, ...missing, asOf: now, source: 'header' });
  });

  for (const garbage of [
    '',
    ' ',
    ',',
    ';;;',
    '"',
    '"api',
    '"api"',
    'r=1;t=2',
    '"api";r=-1',
    '"api";r=x;t=1e9',
  ]) {
    it(`have no window when they are ${JSON.stringify(garbage)}`, () => {
      assert.deepEqual(read(garbage), []);
    });
  }

  it('have no window when they are longer than 16 KiB', () => {
    assert.deepEqual(read(`"api";r=5;t=1,${' '.repeat(16_384)}`), []);
  });

  it('never throw and never give a negative or broken number, whatever the text', () => {
    const tricky = fc.string({
      unit: fc.constantFrom('"', ';', ',', '=', 'r', 't', '\\', ' ', '1', '-', '.'),
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), tricky), fc.oneof(fc.string(), tricky), (limit, policy) => {
        for (const window of read(limit, policy)) {
          for (const value of [window.used, window.remaining, window.limit, window.windowSeconds]) {
            assert.ok(value === undefined || (value >= 0 && Number.isFinite(value)));
          }
        }
      }),
    );
  });

  it('agree with a strict parser on every name of a window that RFC 9651 allows and that is one of words', () => {
    const name = fc.stringMatching(/^[A-Za-z][\w .:/-]{0,14}$/).filter(text => !/window$/i.test(text));
    const token = fc.stringMatching(/^[a-z][a-z0-9._-]{0,12}$/).filter(text => !/window$/i.test(text));
    const seconds = fc.nat(3_600);
    const item = fc.record({
      name: fc.oneof(
        name,
        token.map(text => new Token(text)),
      ),
      r: fc.nat(),
      t: seconds,
    });
    const bucketOf = (item: Item) => String(item[0]);
    fc.assert(
      fc.property(
        fc.uniqueArray(item, { minLength: 1, maxLength: 16, selector: ({ name }) => String(name) }),
        items => {
          const header = serializeList(
            items.map(
              ({ name, r, t }): Item => [
                name,
                new Map([
                  ['r', r],
                  ['t', t],
                ]),
              ],
            ),
          );
          const strict = (parseList(header) as Item[]).map(item => [
            bucketOf(item),
            item[1].get('r'),
            now + Number(item[1].get('t')) * 1000,
          ]);
          const ours = read(header).map(window => [window.bucket, window.remaining, window.resetsAt]);
          assert.deepEqual(ours, strict);
        },
      ),
    );
  });
});

describe('the state of a window', () => {
  const window: RateWindow = { bucket: 'api', limit: 1000, asOf: now, source: 'gauge' };
  for (const [reported, state] of [
    [{ used: 0 }, 'ok'],
    [{ used: 899 }, 'ok'],
    [{ used: 900 }, 'nearly-full'],
    [{ used: 999 }, 'nearly-full'],
    [{ used: 1000 }, 'full'],
    [{ used: 1200 }, 'full'],
    [{ remaining: 0, limit: undefined }, 'full'],
    [{ remaining: 50 }, 'nearly-full'],
    [{ remaining: 50, limit: undefined }, 'ok'],
    [{ used: 1000, resetsAt: now }, 'ok'],
    [{ used: 1000, resetsAt: now + 1 }, 'full'],
    [{}, undefined],
    [{ used: 3, limit: undefined }, undefined],
    [{ used: 0, limit: 0 }, undefined],
  ] as const) {
    it(`with ${JSON.stringify(reported)} is ${state ?? 'unknown'}`, () => {
      assert.equal(windowState({ ...window, ...reported }, now), state);
    });
  }
});
