import { fail, readArguments } from '../arguments.mjs';
import { scenarioNames } from './scenarios.ts';
import { startEmulator } from './server.ts';

const servers = ['hub', 'router', 'endpoints', 'partners', 'cdn', 'admin'] as const;
const { values } = readArguments({
  usage: `node test/emulator/main.mjs [--json] [--scenario NAME] [--SERVER-port PORT …]

Serves Hugging Face on 127.0.0.1 until Ctrl+C. --json prints the addresses as one line.
Servers:   ${servers.join(', ')}. Without a port, each takes any free one.
Scenarios: ${scenarioNames.join(', ')}. Without a name: pro.`,
  options: {
    json: { type: 'boolean' },
    scenario: { type: 'string', default: 'pro' },
    ...Object.fromEntries(servers.map(name => [`${name}-port`, { type: 'string', port: true } as const])),
  },
});
const scenario = String(values.scenario);
if (!scenarioNames.includes(scenario)) {
  fail(`There is no scenario "${scenario}". There are ${scenarioNames.join(', ')}.`);
}
const ports = Object.fromEntries(servers.map(name => [name, Number(values[`${name}-port`] ?? 0)]));
const emulator = await startEmulator({ scenario, ports }).catch((error: NodeJS.ErrnoException) =>
  fail(
    error.code === 'EADDRINUSE'
      ? `A port is taken by another program (${error.message.split(' ').at(-1)}). Choose another one.`
      : `The emulator could not start: ${error.message}`,
  ),
);
const { hubUrl, routerUrl, endpointsUrl, adminUrl, token, partnersUrl, providerUrls, cdnUrl } = emulator;
if (values.json)
  console.log(
    JSON.stringify({ hubUrl, routerUrl, endpointsUrl, adminUrl, token, partnersUrl, providerUrls, cdnUrl }),
  );
else {
  console.log(`Hugging Face emulator (scenario ${scenario})
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
