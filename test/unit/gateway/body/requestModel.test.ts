import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findModel, spliceModel } from '../../../../src/gateway/body/requestModel.ts';

const modelIn = (body: string) => findModel(Buffer.from(body))?.model;

describe('request model:', () => {
  for (const [body, model] of [
    ['{"model":"a/b"}', 'a/b'],
    [' {\n"x":1 , "model"\t: "a/b:groq" }', 'a/b:groq'],
    ['{"messages":[{"model":"no"}],"model":"yes"}', 'yes'],
    ['{"x":{"model":"no","y":"}"},"model":"yes"}', 'yes'],
    ['{"x":"\\"model\\":\\"no\\"","model":"yes"}', 'yes'],
    ['{"x":"\\\\","model":"yes"}', 'yes'],
    ['{"x":["]",{"a":"["}],"model":"yes"}', 'yes'],
    ['{"a":-1.5e3,"b":null,"c":true,"model":"yes"}', 'yes'],
    ['{"model":"a\\u00e9\\/b"}', 'aé/b'],
    ['\uFEFF{"model":"yes"}', 'yes'],
    ['{"model":5}', undefined],
    ['{"model":null}', undefined],
    ['{"models":"no"}', undefined],
    ['["model","no"]', undefined],
    ['{"x":{"model":"no"}}', undefined],
    ['"model"', undefined],
    ['', undefined],
    ['{', undefined],
    ['{}', undefined],
    ['{"model"', undefined],
    ['{"model":', undefined],
    ['{"model":"cut', undefined],
    ['{"x":"cut","y":[{"model":"no"', undefined],
    ['{"model":"bad \\x"}', undefined],
  ] as const) {
    it(`${JSON.stringify(body)}: ${model ?? 'none'}`, () => assert.equal(modelIn(body), model));
  }

  it('equals that of JSON.parse for random JSON', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string(),
        fc.constantFrom('', ' ', '\t', '\n'),
        fc.boolean(),
        (others, model, space, first) => {
          delete others.model;
          const body = Buffer.from(
            JSON.stringify(first ? { model, ...others } : { ...others, model }, null, space),
          );
          assert.equal(findModel(body)?.model, model);
        },
      ),
    );
  });

  it('its replacement changes no other byte', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.string(),
        fc.string(),
        (others, model, name) => {
          delete others.model;
          const body = Buffer.from(JSON.stringify({ ...others, model, z: 1 }));
          const span = findModel(body);
          assert.ok(span);
          const spliced = spliceModel(body, { ...span, model: name });
          assert.equal(spliced.toString(), JSON.stringify({ ...others, model: name, z: 1 }));
        },
      ),
    );
  });

  it('random bytes never throw', () => {
    fc.assert(fc.property(fc.uint8Array(), bytes => void findModel(Buffer.from(bytes))));
  });

  it('a truncated body has the right model or none', () => {
    const body = Buffer.from('{"a":[1,{"model":"no"},"}"],"b":"\\"","model":"yes","c":2}');
    for (let length = 0; length <= body.length; length++) {
      const model = findModel(body.subarray(0, length))?.model;
      assert.ok(model === undefined || model === 'yes');
    }
  });
});
