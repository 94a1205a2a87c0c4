import assert from 'node:assert/strict';
import fs from 'node:fs';
import { formatProfile } from '../../src/billing/profile.ts';
import type { GatewayConfig } from '../../src/gateway/options.ts';
import { gatewayChildren, token } from './gatewayChild.ts';
import { rawClient } from './rawClient.ts';
import { rawUpstream, response } from './rawUpstream.ts';
import { filesWith } from './runCli.ts';
import { configTo } from './testGateway.ts';

describe('gateway, secrets:', function () {
  this.timeout(30_000);
  const secrets = {
    token,
    // in no form by which it could be told from other words
    key: 'c0ffee5c1e57dec0de0facade0feedbead',
    own: 'hf_aCallersOwnTokenThatIsNotKept',
  };

  for (const way of ['the editor', 'a terminal'] as const) {
    it(`none is left on disk or in the log after a session from ${way}`, async () => {
      const children = gatewayChildren();
      let turn = 0;
      const answers = [
        response(200, '{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}'),
        `${response(200, 'data: {"usage":null}\n\ndata: [DONE]\n\n', {}, 'text/event-stream')}`,
        response(402, JSON.stringify({ error: `You have depleted your monthly included credits.` })),
        response(429, '{"error":"slow"}', { 'retry-after': '3000', ratelimit: '"api";r=0;t=299' }),
        response(401, '{"error":"Invalid credentials"}'),
        response(500, '{}'),
      ];
      // providers repeat the key that they refuse, and so might Hugging Face
      const repeats = (secret: string) =>
        response(429, JSON.stringify({ error: { message: `Rate limit reached for key ${secret} in x` } }), {
          'retry-after': '3000',
        });
      const upstream = await rawUpstream(({ socket, head }) => {
        const secret = /^authorization: Bearer (\S+)/im.exec(head)?.[1] ?? '';
        const answer = answers[turn++ % (answers.length + 1)];
        if (/inferenceProviderMapping/.test(head)) {
          const mapping = { groq: { status: 'live', providerId: 'm', task: 'conversational' } };
          socket.write(
            response(200, JSON.stringify({ id: 'acme/Model-7B', inferenceProviderMapping: mapping })),
          );
        } else if (answer === undefined) socket.write(repeats(secret));
        else if (turn % 19 === 0) socket.destroy();
        else socket.write(answer);
      });
      const config: GatewayConfig = configTo(upstream.url, {
        token,
        keys: { groq: secrets.key },
        providerUrls: { groq: upstream.url },
        failover: [{ kind: 'provider-key', provider: 'groq' }],
        longestWaitMs: 0,
        pacing: 'pace',
      });
      const gateway =
        way === 'the editor'
          ? await children.fork({}, config)
          : await children.start({
              HEADROOM_HUB_URL: upstream.url,
              HEADROOM_ROUTER_URL: upstream.url,
              HEADROOM_PROVIDER_URLS: JSON.stringify(config.providerUrls),
              GROQ_API_KEY: secrets.key,
            });
      const all = { ...secrets, 'gateway key': gateway.key };
      const received: string[] = [];
      const ask = async (path: string, bearer: string, body?: string) => {
        const client = await rawClient(gateway.port);
        const lines = [
          `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`,
          `Host: 127.0.0.1:${gateway.port}`,
          `Authorization: Bearer ${bearer}`,
          'Content-Type: application/json',
          `Content-Length: ${body?.length ?? 0}`,
          // waits for nothing
          'X-Stainless-Timeout: 0.01',
          'Connection: close',
        ];
        client.write(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
        received.push((await client.ended()).toString('latin1'));
      };
      const profiles = [
        { kind: 'personal' },
        { kind: 'organization', name: 'acme' },
        { kind: 'provider-key', provider: 'groq' },
      ] as const;
      for (const profile of profiles) {
        if (way === 'the editor') gateway.configure({}, { ...config, profile });
        for (let round = 0; round < answers.length + 1; round++) {
          await ask('/v1/chat/completions', gateway.key, '{"model":"acme/Model-7B","messages":[]}');
          await ask('/v1/chat/completions', secrets.own, '{"model":"acme/Model-7B","messages":[]}');
          await ask('/router/groq/openai/v1/chat/completions', gateway.key, '{"model":"m"}');
          await ask('/hub/api/whoami-v2', gateway.key);
          await ask(`/v1/models?key=${gateway.key.slice(0, 8)}`, `${gateway.key}wrong`);
          await ask(`/elsewhere?${formatProfile(profile)}`, gateway.key);
        }
      }
      const sent = upstream.requests.map(({ head }) => head).join('\n');
      for (const secret of [token, secrets.own]) assert.ok(sent.includes(secret), 'it was not used at all');
      assert.equal(sent.includes(secrets.key), way === 'the editor');
      assert.ok(!sent.includes(gateway.key));

      const running = {
        argv: processFile(gateway.pid, 'cmdline'),
        environment: way === 'the editor' ? processFile(gateway.pid, 'environ') : '',
      };
      const open = Object.values(all).flatMap(secret => filesWith(children.state, secret));
      assert.equal(await gateway.end(), 0);
      const printed = gateway.output().slice(way === 'a terminal' ? gateway.output().indexOf('\n') : 0);
      for (const [name, secret] of Object.entries(all)) {
        assert.deepEqual(filesWith(children.state, secret), [], `${name} in the state`);
        for (const [where, text] of Object.entries({ ...running, printed })) {
          assert.ok(!text.includes(secret), `${name} in ${where}`);
        }
        // what upstream itself repeats is passed on as it came
        const ours = received.filter(answer => !answer.includes('Rate limit reached for key'));
        assert.ok(!ours.some(answer => answer.includes(secret)), `${name} in an answer`);
      }
      assert.deepEqual(open, []);
      assert.ok(fs.readdirSync(children.state).length > 0);
      await children.clean();
      await upstream.close();
    });
  }
});

/** What the system tells other programs of a process; nothing where there is no /proc. */
function processFile(pid: number, name: string): string {
  return process.platform === 'linux' ? fs.readFileSync(`/proc/${pid}/${name}`, 'latin1') : '';
}
