import type * as vscode from 'vscode';

const LONGEST_TIMER_MS = 60_000;
/** VS Code shows no hover of an item that changes faster. */
const SOON_MS = 1_000;

/**
 * Draws now and again when the drawing would differ, as `draw` tells: a countdown each second, an age each minute,
 * nothing at all while nothing moves.
 */
export class Repaint implements vscode.Disposable {
  private readonly draw: () => number;
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;
  private drawnAt = 0;
  /** Epoch ms. */
  private dueAt = 0;

  /** `draw` returns the epoch ms at which its result would differ without news. */
  constructor(draw: () => number) {
    this.draw = draw;
  }

  now(): void {
    if (this.disposed) return;
    const next = this.draw();
    this.drawnAt = Date.now();
    this.wait(Math.max(next - this.drawnAt, 250));
  }

  /** For news that come faster than anybody reads: a second after the last drawing at the earliest. */
  soon(): void {
    if (this.disposed) return;
    const now = Date.now();
    const pauseMs = this.drawnAt + SOON_MS - now;
    if (pauseMs <= 0 || now < this.drawnAt) this.now();
    else if (now + pauseMs < this.dueAt) this.wait(pauseMs);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }

  private wait(ms: number): void {
    clearTimeout(this.timer);
    const waitMs = Math.min(ms, LONGEST_TIMER_MS);
    this.dueAt = Date.now() + waitMs;
    this.timer = setTimeout(() => this.now(), waitMs);
  }
}
