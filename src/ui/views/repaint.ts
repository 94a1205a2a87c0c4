import type * as vscode from 'vscode';

const fastMs = 1_000;
const slowMs = 10_000;

/**
 * Draws at once for news, and on a tick: each second while the drawing counts down, else every ten. Ticks are on whole
 * seconds of the clock, so that all views show the same countdown.
 */
export class Repaint implements vscode.Disposable {
  readonly #draw: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;
  /** Epoch ms. */
  #drawnAt = 0;
  #countsDown = false;

  /** `draw` returns whether its result changes each second. */
  constructor(draw: () => boolean) {
    this.#draw = draw;
  }

  now(): void {
    if (this.#disposed) return;
    this.#countsDown = this.#draw();
    this.#drawnAt = Date.now();
    this.#wait(this.#countsDown ? fastMs : slowMs);
  }

  /** For frequent news: now, or on the next whole second after a drawing. */
  soon(): void {
    if (this.#disposed) return;
    if (Math.abs(Date.now() - this.#drawnAt) >= fastMs) this.now();
    else if (!this.#countsDown) this.#wait(fastMs);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  #wait(tickMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), tickMs - (Date.now() % tickMs));
  }
}
