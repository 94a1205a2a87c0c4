import type * as vscode from 'vscode';

const LONGEST_TIMER_MS = 60_000;

/**
 * Draws now and again when the drawing would differ, as `draw` tells: a countdown each second, an age each minute,
 * nothing at all while nothing moves.
 */
export class Repaint implements vscode.Disposable {
  private readonly draw: () => number;
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;

  /** `draw` returns the epoch ms at which its result would differ without news. */
  constructor(draw: () => number) {
    this.draw = draw;
  }

  now(): void {
    if (this.disposed) return;
    clearTimeout(this.timer);
    const waitMs = this.draw() - Date.now();
    this.timer = setTimeout(() => this.now(), Math.min(Math.max(waitMs, 250), LONGEST_TIMER_MS));
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }
}
