import type * as vscode from 'vscode';

const longestTimerMs = 60_000;
/** VS Code shows no hover of an item that changes faster. */
const soonMs = 1_000;

/**
 * Draws now and again when the drawing would differ, as `draw` tells: a countdown each second, an age each minute,
 * nothing at all while nothing moves.
 */
export class Repaint implements vscode.Disposable {
  readonly #draw: () => number;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;
  #drawnAt = 0;
  /** Epoch ms. */
  #dueAt = 0;

  /** `draw` returns the epoch ms at which its result would differ without news. */
  constructor(draw: () => number) {
    this.#draw = draw;
  }

  now(): void {
    if (this.#disposed) return;
    const next = this.#draw();
    this.#drawnAt = Date.now();
    this.#wait(Math.max(next - this.#drawnAt, 250));
  }

  /** For news that come faster than anybody reads: a second after the last drawing at the earliest. */
  soon(): void {
    if (this.#disposed) return;
    const now = Date.now();
    const pauseMs = this.#drawnAt + soonMs - now;
    if (pauseMs <= 0 || now < this.#drawnAt) this.now();
    else if (now + pauseMs < this.#dueAt) this.#wait(pauseMs);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    const waitMs = Math.min(ms, longestTimerMs);
    this.#dueAt = Date.now() + waitMs;
    this.#timer = setTimeout(() => this.now(), waitMs);
  }
}
