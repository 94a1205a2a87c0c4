/** What a refused ZeroGPU call asked for and what was left, in seconds. */
export interface GpuCall {
  readonly requestedSeconds: number;
  readonly leftSeconds: number;
}

/** From `(120s requested vs. 0s left)` and `(46s left vs. 60s requested)`, as the `spaces` library words it. */
export function readGpuCall(text: string): GpuCall | undefined {
  const [, first, what, second] =
    /\((\d{1,7})s (requested|left) vs\. (-?\d{1,7})s (?:requested|left)\)/.exec(text) ?? [];
  if (what === undefined) return undefined;
  const [requested, left] = what === 'requested' ? [first, second] : [second, first];
  return { requestedSeconds: Number(requested), leftSeconds: Math.max(0, Number(left)) };
}

/** A visitor is asked to join: the call came without a token, whoever the person is. */
export function countedAsVisitor(text: string): boolean {
  return /create a free account|sign-?up on hugging face|log ?in to/i.test(text);
}
