import assert from 'node:assert/strict';
import { hubLinks } from '../../../../src/gateway/relay/hubLinks.ts';

const gateway = 'http://127.0.0.1:7777';
const here = `${gateway}/hub`;

describe('Hub links:', () => {
  const rewrite = hubLinks('https://huggingface.co')(here);
  for (const [location, expected] of [
    ['/api/resolve-cache/x', '/hub/api/resolve-cache/x'],
    ['/', '/hub/'],
    ['https://huggingface.co/a?b=c%2Fd#e', `${gateway}/hub/a?b=c%2Fd#e`],
    ['https://huggingface.co', 'https://huggingface.co'],
    ['https://HUGGINGFACE.co:443/a', `${gateway}/hub/a`],
    ['https://cdn-lfs.huggingface.co/a', 'https://cdn-lfs.huggingface.co/a'],
    ['https://huggingface.co.evil.example/a', 'https://huggingface.co.evil.example/a'],
    ['https://user@huggingface.co/a', 'https://user@huggingface.co/a'],
    ['http://huggingface.co/a', 'http://huggingface.co/a'],
    ['//huggingface.co/a', '//huggingface.co/a'],
    ['relative', 'relative'],
    ['?cursor=1', '?cursor=1'],
    ['', ''],
  ] as const) {
    it(`${location || 'an empty Location'} becomes ${expected || 'itself'}`, () => {
      assert.equal(rewrite('location', location), expected);
    });
  }

  it('every URL of a Link header is rewritten, its parameters are not', () => {
    assert.equal(
      rewrite(
        'link',
        '<https://huggingface.co/api/models?cursor=x>; rel="next", <https://other.example/x>; rel="a", <https://xet.example>; title="<https://huggingface.co/x",</y>; rel="b"',
      ),
      `<${gateway}/hub/api/models?cursor=x>; rel="next", <https://other.example/x>; rel="a", <https://xet.example>; title="<https://huggingface.co/x",</y>; rel="b"`.replace(
        '</y>',
        '</hub/y>',
      ),
    );
  });

  it('a Hub with a base path: the base path is removed, URLs outside it stay', () => {
    const below = hubLinks('https://proxy.example/hf')(here);
    assert.equal(below('location', 'https://proxy.example/hf/api/x'), `${gateway}/hub/api/x`);
    assert.equal(below('location', '/hf/api/x'), '/hub/api/x');
    assert.equal(below('location', 'https://proxy.example/other'), 'https://proxy.example/other');
    assert.equal(below('location', '/other'), 'https://proxy.example/other');
  });

  it('at a root they lead to that root', () => {
    const atRoot = hubLinks('https://huggingface.co')(gateway);
    assert.equal(atRoot('location', '/api/x?y'), '/api/x?y');
    assert.equal(atRoot('location', 'https://huggingface.co/a'), `${gateway}/a`);
    assert.equal(hubLinks('https://proxy.example/hf')(gateway)('location', '/hf/api/x'), '/api/x');
  });

  it("a mirror's Link with Hugging Face's own address leads to the gateway, its redirect does not", () => {
    const ofMirror = hubLinks('https://mirror.example/hf')(here);
    assert.equal(ofMirror('link', '<https://huggingface.co/a>; rel="next"'), `<${here}/a>; rel="next"`);
    assert.equal(ofMirror('location', 'https://huggingface.co/a'), 'https://huggingface.co/a');
  });
});
