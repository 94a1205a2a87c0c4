import assert from 'node:assert/strict';
import path from 'node:path';
import type { GatewayConfig, GatewayEvent } from '../../src/gateway/options.ts';
import type { GatewaySetup } from '../../src/ui/gateway/gatewayChild.ts';
import { GatewayProcess } from '../../src/ui/gateway/gatewayProcess.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { cliFile, temporaryFolder } from './runCli.ts';
import { chat } from './testGateway.ts';

export const key = `hf_headroom_${'k'.repeat(32)}`;

/** A window's gateway process in front of the emulator. */
export class GatewayProcessRig {
  readonly emulator: Emulator;
  readonly folder: string;
  readonly #clean: () => void;
  /** The window's configuration. */
  setup: GatewaySetup;
  /** The workspace's ports. */
  ports = { port: 0, hubPort: 0 };
  /** Messages of `onGivenUp`. */
  readonly givenUp: string[] = [];
  /** Messages of `onSuspended`. */
  readonly suspended: string[] = [];
  readonly events: GatewayEvent[] = [];
  readonly logged: string[] = [];
  gateway: GatewayProcess;

  constructor(emulator: Emulator, { folder, clean }: ReturnType<typeof temporaryFolder>) {
    this.emulator = emulator;
    this.folder = folder;
    this.#clean = clean;
    this.setup = this.setupWith({});
    this.gateway = this.create();
  }

  static async start(): Promise<GatewayProcessRig> {
    return new GatewayProcessRig(await startEmulator({ scenario: 'pro' }), temporaryFolder());
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    this.gateway.dispose();
    await this.emulator.close();
    this.#clean();
  }

  setupWith(changes: Partial<GatewayConfig>): GatewaySetup {
    const config: GatewayConfig = {
      token: tokens.ada,
      keys: {},
      servers: this.emulator,
      providerUrls: {},
      profile: { kind: 'personal' },
      failover: [],
      sessionId: 'session',
      longestWaitMs: 0,
      pacing: 'pace',
      ...changes,
    };
    return { config, network: {} };
  }

  /** Replaces `gateway`. */
  create(changes: Partial<ConstructorParameters<typeof GatewayProcess>[0]> = {}): GatewayProcess {
    const log = (message: string) => void this.logged.push(message);
    this.gateway = new GatewayProcess({
      file: cliFile,
      state: path.join(this.folder, 'state'),
      userAgent: 'headroom/test',
      environment: { ...process.env, HF_TOKEN: 'hf_of_the_environment' },
      key: async () => key,
      ports: {
        get: () => this.ports,
        set: value => {
          this.ports = value;
        },
      },
      setup: async () => this.setup,
      log: { debug: log, info: log, warn: log, error: log },
      onEvent: event => this.events.push(event),
      onGivenUp: message => this.givenUp.push(message),
      onSuspended: message => this.suspended.push(message),
      ...changes,
    });
    return this.gateway;
  }

  /** Status of GET /v1/models. */
  async models(url: string): Promise<number> {
    return (await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status;
  }

  /** Status of a chat. */
  async chat(url: string): Promise<number> {
    const answer = await chat({ url, key }, { model: 'openai/gpt-oss-120b', messages: [] });
    await answer.text();
    return answer.status;
  }

  /** The last request at the router. */
  get last() {
    return this.emulator.requests().findLast(({ path }) => path.startsWith('/v1/'));
  }

  /** Sends chats until this organization pays: a request may overtake an IPC message. */
  async assertBills(url: string, organization: string): Promise<void> {
    for (let tries = 0; tries < 50 && this.last?.headers['x-hf-bill-to'] !== organization; tries++) {
      await this.chat(url);
    }
    assert.equal(this.last?.headers['x-hf-bill-to'], organization);
  }

  kill(): void {
    process.kill(this.gateway.pid ?? 0, 'SIGKILL');
  }

  /** Resolves when the gateway has an address, or has none. */
  untilListening(isListening: boolean): Promise<void> {
    const { gateway } = this;
    const holds = () => (gateway.address !== undefined) === isListening;
    return new Promise(resolve => {
      if (holds()) return resolve();
      const listener = gateway.onDidChange(() => {
        if (!holds()) return;
        listener.dispose();
        resolve();
      });
    });
  }
}
