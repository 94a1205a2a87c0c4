import assert from 'node:assert/strict';
import {
  filterOf,
  filterText,
  isFiltering,
  noFilter,
  parseFilter,
  passes,
} from '../../../../src/view/refusals/refusalFilter.ts';
import { refusalCauses, refusalSources } from '../../../../src/view/refusals/refusalLabels.ts';
import { shortProgram } from '../../../../src/view/text/programName.ts';
import { refusal } from '../builders.ts';

describe('refusalFilter', () => {
  it('passes refusals with one of the sources and one of the causes', () => {
    const filter = filterOf(['terminal', 'notebook', 'tokens']);
    assert.equal(passes(filter, refusal()), true);
    assert.equal(passes(filter, refusal({ source: 'gateway' })), false);
    assert.equal(passes(filter, refusal({ cause: 'rate' })), false);
    assert.equal(passes(filterOf(['tokens']), refusal({ source: 'gateway' })), true);
    assert.equal(filterText(filter), 'terminal, notebook · too many tokens');
  });

  it('filters nothing when nothing or everything is ticked', () => {
    assert.deepEqual(filterOf([]), noFilter);
    assert.deepEqual(filterOf([...refusalSources, ...refusalCauses]), noFilter);
    assert.equal(isFiltering(noFilter), false);
    assert.equal(passes(noFilter, refusal()), true);
  });

  it('reads a stored filter of any version', () => {
    const filter = filterOf(['gateway', 'credits']);
    assert.deepEqual(parseFilter(JSON.parse(JSON.stringify(filter))), filter);
    assert.deepEqual(parseFilter({ sources: ['gateway', 'mars'], causes: 'credits' }), filterOf(['gateway']));
    for (const kept of [undefined, null, 7, 'terminal', []]) assert.deepEqual(parseFilter(kept), noFilter);
  });
});

describe('shortProgram', () => {
  it('is the script of a command line, else its beginning', () => {
    assert.equal(shortProgram('python /home/ada/train.py --lr 1'), 'train.py');
    assert.equal(shortProgram('C:\\Python\\python.exe work\\train.py'), 'train.py');
    assert.equal(shortProgram('npx tsx src/app.mts'), 'app.mts');
    assert.equal(shortProgram('train.ipynb, cell 7'), 'train.ipynb, cell 7');
    assert.equal(
      shortProgram('curl https://huggingface.co/api/models'),
      'curl https://huggingface.co/api/models',
    );
  });
});
