const { spawn } = require('node:child_process');
const { EventEmitter } = require('vscode');

/** A debugger without breakpoints: runs a program and forwards its output. */
class ProgramAdapter {
  #messages = new EventEmitter();
  #sequence = 0;
  #program;
  onDidSendMessage = this.#messages.event;

  handleMessage({ seq, command, arguments: args }) {
    this.#send({ type: 'response', request_seq: seq, command, success: true, body: {} });
    if (command === 'initialize') this.#event('initialized');
    if (command === 'launch') this.#launch(args);
    if (command === 'disconnect') this.#program?.kill();
  }

  dispose() {
    this.#program?.kill();
    this.#messages.dispose();
  }

  #launch({ program, cwd, env }) {
    this.#program = spawn(process.execPath, [program], { cwd, env: { ...process.env, ...env } });
    for (const category of ['stdout', 'stderr']) {
      this.#program[category].setEncoding('utf8');
      this.#program[category].on('data', output => this.#event('output', { category, output }));
    }
    this.#program.on('close', exitCode => {
      this.#event('exited', { exitCode });
      this.#event('terminated');
    });
  }

  #event(event, body = {}) {
    this.#send({ type: 'event', event, body });
  }

  #send(message) {
    this.#sequence += 1;
    this.#messages.fire({ seq: this.#sequence, ...message });
  }
}

module.exports = { ProgramAdapter };
