/** Seconds that a refused ZeroGPU call requested, and seconds left. */
export interface GpuCall {
  readonly requestedSeconds: number;
  readonly leftSeconds: number;
}

/** The `spaces` library's words: `(120s requested vs. 0s left)`, `(46s left vs. 60s requested)`. */
export function readGpuCall(text: string): GpuCall | undefined {
  const [, first, what, second] =
    /\((\d{1,7})s (requested|left) vs\. (-?\d{1,7})s (?:requested|left)\)/.exec(text) ?? [];
  if (what === undefined) return undefined;
  const [requested, left] = what === 'requested' ? [first, second] : [second, first];
  return { requestedSeconds: Number(requested), leftSeconds: Math.max(0, Number(left)) };
}

/** The words ask to sign up, so the call came without a token. */
export function countedAsVisitor(text: string): boolean {
  return /create a free account|sign-?up on hugging face|log ?in to/i.test(text);
}
