const pageSteps = 7;

/** Where a key moves the cursor; undefined: nowhere is looked at any more; `stays`: the key is not ours. */
export function movedCursor(
  key: string,
  at: number | undefined,
  count: number,
): number | undefined | 'stays' {
  if (key === 'Escape') return at === undefined ? 'stays' : undefined;
  const step = steps[key];
  if (step === undefined || count === 0) return 'stays';
  if (at === undefined) return key === 'Home' ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, at + step));
}

const steps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -pageSteps,
  PageUp: pageSteps,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};
