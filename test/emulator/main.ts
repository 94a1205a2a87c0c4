import { parseArgs } from 'node:util';
import { scenarioNames } from './scenarios.ts';
import { startEmulator } from './server.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    scenario: { type: 'string', default: 'pro' },
    'hub-port': { type: 'string', default: '0' },
    'router-port': { type: 'string', default: '0' },
    'endpoints-port': { type: 'string', default: '0' },
    'partners-port': { type: 'string', default: '0' },
    'cdn-port': { type: 'string', default: '0' },
    'admin-port': { type: 'string', default: '0' },
  },
});
const emulator = await startEmulator({
  scenario: values.scenario,
  ports: {
    hub: Number(values['hub-port']),
    router: Number(values['router-port']),
    endpoints: Number(values['endpoints-port']),
    partners: Number(values['partners-port']),
    cdn: Number(values['cdn-port']),
    admin: Number(values['admin-port']),
  },
});
const { hubUrl, routerUrl, endpointsUrl, adminUrl, token, partnersUrl, providerUrls, cdnUrl } = emulator;
if (values.json)
  console.log(
    JSON.stringify({ hubUrl, routerUrl, endpointsUrl, adminUrl, token, partnersUrl, providerUrls, cdnUrl }),
  );
else {
  console.log(`Hugging Face emulator (scenario ${values.scenario})
  Hub        ${hubUrl}
  Router     ${routerUrl}
  Endpoints  ${endpointsUrl}
  Providers  ${partnersUrl}/{provider}
  CDN        ${cdnUrl}
  Admin      ${adminUrl}
  Token      ${token ?? 'none: anonymous'}
Scenarios: ${scenarioNames.join(', ')}. Stop with Ctrl+C.`);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void emulator.close().then(() => process.exit(0));
  });
}
