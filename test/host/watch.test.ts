import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Refusal } from '../../src/limits/refusals/refusal.ts';
import { startWatching } from '../../src/ui/core/watching.ts';
import { eventually } from './editor.ts';

const words =
  'We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period. See https://huggingface.co/docs/hub/rate-limits';
const printed = `Traceback (most recent call last):
  File "train.py", line 3, in <module>
huggingface_hub.errors.HfHubHTTPError: (Request ID: Root=1-6a875254)

429 Too Many Requests: you have reached your 'api' rate limit.
Retry after 42 seconds (0/1000 requests remaining in current 300s window).
Url: https://huggingface.co/api/models/gpt2.
${words}
`;
const type = 'headroom-test';

describe('watching for refusals, in a real extension host', function () {
  this.timeout(60_000);
  const recorded: Refusal[] = [];
  let hub: http.Server;
  let hubUrl: string;
  let watching: vscode.Disposable;
  const disposables: vscode.Disposable[] = [];

  before(async () => {
    hub = http.createServer((_, response) => {
      response.writeHead(429, {
        'content-type': 'application/json',
        ratelimit: '"api";r=0;t=42',
        'ratelimit-policy': '"fixed window";"api";q=1000;w=300',
      });
      response.end(JSON.stringify({ error: words }));
    });
    await new Promise<void>(listening => hub.listen(0, '127.0.0.1', listening));
    hubUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
    const log = () => {};
    watching = startWatching({
      explain: refusal => refusal,
      ledger: { recordRefusals: refusals => void recorded.push(...refusals) },
      servers: () => ({ hubUrl }),
      now: Date.now,
      log: { debug: log, info: log, warn: log, error: log },
      onRecorded: () => {},
    });
  });
  beforeEach(() => {
    recorded.length = 0;
  });
  after(async () => {
    watching.dispose();
    for (const disposable of disposables) disposable.dispose();
    hub.closeAllConnections();
    await new Promise(closed => hub.close(closed));
  });

  const seen = () =>
    eventually(
      () => `a refusal is recorded: ${JSON.stringify(recorded)}`,
      () => recorded[0],
    );
  const isTheWindow = (refusal: Refusal, source: Refusal['source'], program?: string) => {
    const { cause, by, scope, limit, remaining, message } = refusal;
    assert.deepEqual(
      { cause, by, scope, limit, remaining, message, source: refusal.source, program: refusal.program },
      {
        cause: 'rate',
        by: 'huggingface',
        scope: 'api',
        limit: 1000,
        remaining: 0,
        message: words,
        source,
        program,
      },
    );
    assert.ok((refusal.resetsAt ?? 0) > Date.now() + 30_000);
  };

  it('records a refused fetch of another extension, with its body', async () => {
    const response = await fetch(`${hubUrl}/api/models/gpt2`);
    assert.equal(((await response.json()) as { error: string }).error, words);
    isTheWindow(await seen(), 'host');
    assert.equal(recorded.length, 1);
  });

  it('records a refused fetch by its headers when its body is not read', async () => {
    await fetch(`${hubUrl}/api/models/gpt2`, { method: 'HEAD' });
    const { cause, by, scope, remaining } = await seen();
    assert.deepEqual(
      { cause, by, scope, remaining },
      { cause: 'rate', by: 'huggingface', scope: 'api', remaining: 0 },
    );
  });

  it('records a refused request of node:http', async () => {
    await new Promise(ended =>
      http.get(`${hubUrl}/api/models`, response => response.resume().on('end', ended)),
    );
    assert.equal((await seen()).scope, 'api');
  });

  it('leaves out Headroom’s own requests, and other servers', async () => {
    await (await fetch(`${hubUrl}/api`, { headers: { 'user-agent': 'headroom/1.0' } })).text();
    const elsewhere = hubUrl.replace('127.0.0.1', 'localhost');
    await (await fetch(`${elsewhere}/api`)).text();
    await (await fetch(`${hubUrl}/api/models/last`)).text();
    await seen();
    assert.equal(recorded.length, 1);
  });

  it('records a refusal printed in a terminal, with its command', async function () {
    if (process.platform === 'win32') this.skip();
    const integration = vscode.workspace.getConfiguration('terminal.integrated.shellIntegration');
    await integration.update('enabled', true, vscode.ConfigurationTarget.Global);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-watch-'));
    const script = path.join(folder, 'train.js');
    fs.writeFileSync(script, `process.stderr.write(${JSON.stringify(printed)})`);
    // shell integration needs a bash without arguments
    const terminal = vscode.window.createTerminal({ name: 'watched', shellPath: '/bin/bash' });
    try {
      const shell = await eventually(
        () => 'the shell is integrated',
        () => terminal.shellIntegration,
      );
      const command = `${JSON.stringify(process.execPath)} ${script} --token=hf_abcdefghijklmnop`;
      shell.executeCommand(command);
      const refusal = await seen();
      isTheWindow(refusal, 'terminal', refusal.program);
      assert.match(refusal.program ?? '', /train\.js --token=…$/);
      assert.equal(recorded.length, 1);
    } finally {
      terminal.dispose();
      await integration.update('enabled', undefined, vscode.ConfigurationTarget.Global);
      fs.rmSync(folder, { recursive: true });
    }
  });

  it('records a refusal printed in a debug session', async () => {
    disposables.push(
      vscode.debug.registerDebugAdapterDescriptorFactory(type, {
        createDebugAdapterDescriptor: () =>
          new vscode.DebugAdapterInlineImplementation(new Printing(printed)),
      }),
    );
    assert.equal(
      await vscode.debug.startDebugging(undefined, { type, request: 'launch', name: 'Train' }),
      true,
    );
    isTheWindow(await seen(), 'debug-console', 'Train');
  });

  describe('in a notebook', () => {
    let notebook: vscode.NotebookDocument;
    /** What a cell prints, in turn to one output, and then to another one. */
    const cells: readonly (readonly vscode.NotebookCellOutputItem[])[] = [
      [
        vscode.NotebookCellOutputItem.stderr(
          'HTTP Error 429 thrown while requesting GET https://huggingface.co/api/models\n',
        ),
        vscode.NotebookCellOutputItem.stderr('Rate limited. Waiting 253.0s before retry [Retry 1/5].\n'),
      ],
      [
        vscode.NotebookCellOutputItem.error(
          Object.assign(new Error('429'), { name: 'HfHubHTTPError', stack: printed }),
        ),
      ],
    ];
    before(async () => {
      const serializer: vscode.NotebookSerializer = {
        deserializeNotebook: () => ({ cells: [] }),
        serializeNotebook: () => new Uint8Array(),
      };
      const controller = vscode.notebooks.createNotebookController('headroom-test', type, 'Headroom test');
      controller.executeHandler = async ([cell]) => {
        if (!cell) return;
        const execution = controller.createNotebookCellExecution(cell);
        execution.start(Date.now());
        await execution.clearOutput();
        const output = new vscode.NotebookCellOutput([]);
        await execution.appendOutput(output);
        for (const item of cells[cell.index] ?? []) await execution.appendOutputItems(item, output);
        const last = vscode.NotebookCellOutputItem.stdout('x\n');
        await execution.appendOutput(new vscode.NotebookCellOutput([last]));
        execution.end(false, Date.now());
      };
      disposables.push(vscode.workspace.registerNotebookSerializer(type, serializer), controller);
      const data = cells.map(
        (_, index) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, `${index}`, 'python'),
      );
      notebook = await vscode.workspace.openNotebookDocument(type, new vscode.NotebookData(data));
      await vscode.window.showNotebookDocument(notebook);
      await vscode.commands.executeCommand('notebook.selectKernel', {
        id: controller.id,
        extension: 'headroom.headroom',
      });
    });

    async function run(cell: number): Promise<void> {
      const ended = new Promise<void>(resolve => {
        disposables.push(
          vscode.workspace.onDidChangeNotebookDocument(({ cellChanges }) => {
            if (cellChanges.some(({ executionSummary }) => executionSummary?.success === false)) resolve();
          }),
        );
      });
      await vscode.commands.executeCommand('notebook.cell.execute', {
        ranges: [{ start: cell, end: cell + 1 }],
        document: notebook.uri,
      });
      await ended;
    }

    it('records the error of a cell, once a run', async () => {
      for (let time = 1; time <= 2; time++) {
        recorded.length = 0;
        await run(1);
        isTheWindow(await seen(), 'notebook', `${notebook.uri.path.replace(/^.*\//, '')}, cell 2`);
        assert.equal(recorded.length, 1);
      }
    });

    it('adds the wait that a cell prints after its refusal, and counts it once', async () => {
      await run(0);
      const last = await eventually(
        () => `the wait is recorded: ${JSON.stringify(recorded)}`,
        () => recorded.find(({ resetsAt }) => resetsAt !== undefined),
      );
      assert.ok((last.resetsAt ?? 0) - last.at === 253_000);
      assert.equal(
        recorded.reduce((sum, { count = 1 }) => sum + count, 0),
        1,
      );
    });
  });

  it('records nothing that the settings exclude', async () => {
    const configuration = vscode.workspace.getConfiguration('headroom.watch');
    await configuration.update('extensionHost', false, vscode.ConfigurationTarget.Global);
    await (await fetch(`${hubUrl}/api/models/first`)).text();
    await configuration.update('extensionHost', undefined, vscode.ConfigurationTarget.Global);
    await (await fetch(`${hubUrl}/api/models/second`)).text();
    await seen();
    assert.equal(recorded.length, 1);
  });
});

/** A debug adapter whose program prints a text and ends. */
class Printing implements vscode.DebugAdapter {
  readonly #messages = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.#messages.event;
  readonly #text: string;
  #sequence = 0;

  constructor(text: string) {
    this.#text = text;
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const { seq, command } = message as { seq: number; command: string };
    this.#send({ type: 'response', request_seq: seq, command, success: true, body: {} });
    if (command === 'initialize') this.#send({ type: 'event', event: 'initialized' });
    if (command !== 'launch') return;
    const middle = this.#text.length / 2;
    for (const output of [this.#text.slice(0, middle), this.#text.slice(middle)]) {
      this.#send({ type: 'event', event: 'output', body: { category: 'stderr', output } });
    }
    this.#send({ type: 'event', event: 'terminated' });
  }

  dispose(): void {
    this.#messages.dispose();
  }

  #send(message: object): void {
    this.#sequence += 1;
    this.#messages.fire({ seq: this.#sequence, ...message } as vscode.DebugProtocolMessage);
  }
}
