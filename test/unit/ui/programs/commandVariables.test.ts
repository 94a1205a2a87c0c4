import assert from 'node:assert/strict';
import { configuredProviderUrls, configuredServers } from '../../../../src/cli/configuration.ts';
import { huggingFaceServers } from '../../../../src/hub/servers.ts';
import { commandVariables } from '../../../../src/ui/programs/commandVariables.ts';

describe('the variables of the command in terminals', () => {
  it('lead it to the servers that the user set for the editor', () => {
    const servers = {
      hubUrl: 'https://hub.test',
      routerUrl: 'https://router.test',
      endpointsUrl: 'https://endpoints.test',
    };
    const providerUrls = { groq: 'https://groq.test' };
    const variables = commandVariables('/the/node', { servers, providerUrls });
    assert.equal(variables.HEADROOM_NODE, '/the/node');
    assert.deepEqual(configuredServers(variables), servers);
    assert.deepEqual(configuredProviderUrls(variables), providerUrls);
  });

  it('name no servers that the user did not set', () => {
    const variables = commandVariables('/the/node', { servers: { hubUrl: '' }, providerUrls: undefined });
    assert.deepEqual(variables, { HEADROOM_NODE: '/the/node' });
    assert.deepEqual(configuredServers(variables), huggingFaceServers);
  });
});
