import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HubAddresses } from '../../../../src/gateway/relay/hubAddresses.ts';

const here = 'http://127.0.0.1:7777';

/** `text` in pieces of these lengths, through the replacement. */
function replaced(text: string, hubUrl = 'https://huggingface.co', cuts: readonly number[] = []): string {
  const addresses = new HubAddresses(hubUrl, here);
  const body = Buffer.from(text);
  const parts: Buffer[] = [];
  let from = 0;
  for (const cut of [...cuts, body.length]) {
    parts.push(addresses.push(body.subarray(from, from + cut)));
    from += cut;
  }
  return Buffer.concat([...parts, addresses.end()]).toString();
}

describe("Hub's addresses in JSON:", () => {
  for (const [text, expected] of [
    ['{"url":"https://huggingface.co/ada/x"}', `{"url":"${here}/ada/x"}`],
    ['{"error":"You already created it","url" : "https://huggingface.co/ada/x"}', undefined],
    ['{"commitUrl":"https://huggingface.co/ada/x/commit/1","pullRequestUrl":null}', undefined],
    ['{"pullRequestUrl":"https://huggingface.co/ada/x/discussions/1"}', undefined],
    ['{"actions":{"verify":{"href":"https://huggingface.co/a.git/info/lfs/objects/verify"}}}', undefined],
    ['{"url":"https://huggingface.co"}', undefined],
    ['{"url":"https://huggingface.co?x"}', undefined],
  ] as const) {
    it(`${text} leads back`, () => {
      assert.equal(replaced(text), expected ?? text.replace('https://huggingface.co', here));
    });
  }

  for (const text of [
    '{"url":"https://cdn-lfs.huggingface.co/x"}',
    '{"url":"https://huggingface.co.evil.example/x"}',
    '{"url":"http://huggingface.co/x"}',
    '{"url":"see https://huggingface.co/x"}',
    '{"error":"https://huggingface.co/pro"}',
    '{"error":"{\\"url\\":\\"https://huggingface.co/x\\"}"}',
    '{"myurl":"https://huggingface.co/x","header":{"1":"https://huggingface.co/x"}}',
    '{"url":["https://huggingface.co/x"]}',
    '{"url":"/ada/x"}',
    '',
  ]) {
    it(`${text || 'an empty body'} stays`, () => {
      assert.equal(replaced(text), text);
    });
  }

  it("a mirror's addresses are replaced with its path, and Hugging Face's in its answers, too", () => {
    const mirror = 'https://mirror.example:8443/hf';
    assert.equal(replaced(`{"url":"${mirror}/ada/x"}`, mirror), `{"url":"${here}/ada/x"}`);
    assert.equal(replaced('{"url":"https://huggingface.co/ada/x"}', mirror), `{"url":"${here}/ada/x"}`);
    const other = '{"url":"https://mirrorXexample:8443/hf/ada/x"}';
    assert.equal(replaced(other, mirror), other);
  });

  it('however the body is cut, it becomes the same, and little of it waits', () => {
    const text =
      '{"é":"ü","url":"https://huggingface.co/ada/x","a":[{"href":"https://huggingface.co/"},"\\"url"]}';
    const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, fc.integer({ min: 0, max: 5 }), (lengths, times) => {
        const body = text.repeat(times);
        assert.equal(replaced(body, undefined, lengths), body.replaceAll('https://huggingface.co', here));
      }),
    );
    const addresses = new HubAddresses('https://huggingface.co', here);
    assert.ok(addresses.push(Buffer.alloc(100_000, 'x')).length > 99_800);
  });
});
