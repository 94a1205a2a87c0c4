import assert from 'node:assert/strict';
import { endpointLanguages, endpointSnippet } from '../../../../src/view/endpoints/endpointSnippet.ts';
import { endpoint } from '../builders.ts';

const url = 'https://abc.us-east-1.aws.endpoints.huggingface.cloud';
const chat = endpoint('chat-eu', { namespace: 'acme', url, task: 'text-generation' });

describe('the call of an endpoint', () => {
  it('is OpenAI’s, with its own address and name', () => {
    const python = endpointSnippet(chat, 'python-openai') ?? '';
    assert.match(python, new RegExp(`base_url="${url}/v1"`));
    assert.match(python, /api_key=os\.environ\["HF_TOKEN"\]/);
    assert.match(python, /model="chat-eu"/);
    assert.doesNotMatch(python, /X-HF-Bill-To/);
    assert.match(
      endpointSnippet(chat, 'curl') ?? '',
      new RegExp(`^# Billed by the hour to acme[\\s\\S]*${url}/v1/chat/completions`),
    );
  });

  it('is plain for a task that is no chat', () => {
    const bert = endpoint('bert', { url, task: 'text-classification' });
    assert.deepEqual(endpointLanguages(bert), ['curl']);
    assert.match(endpointSnippet(bert, 'curl') ?? '', /curl "https:\/\/abc\.[^"]*cloud" [\s\S]*\{"inputs":/);
  });

  it('is none without an address, or with one that no shell should see', () => {
    assert.equal(endpointSnippet(endpoint('new', { url: undefined }), 'curl'), undefined);
    assert.equal(endpointSnippet({ ...chat, url: 'https://x/$(rm -rf ~)' }, 'curl'), undefined);
  });
});
