import { useState } from 'preact/hooks';
import { movedCursor } from './movedCursor.ts';

/** Which of a chart's places is looked at, by pointer or by keyboard. */
export function useCursor(count: number, placeAt: (x: number) => number) {
  const [at, setAt] = useState<number>();
  const active = at === undefined || count === 0 ? undefined : Math.min(at, count - 1);
  return {
    active,
    handlers: {
      onPointerMove: (event: PointerEvent & { readonly currentTarget: HTMLElement }) =>
        setAt(placeAt(event.clientX - event.currentTarget.getBoundingClientRect().left)),
      onPointerLeave: () => setAt(undefined),
      onFocus: ({ currentTarget }: { readonly currentTarget: HTMLElement }) => {
        if (currentTarget.matches(':focus-visible')) setAt(count - 1);
      },
      onBlur: () => setAt(undefined),
      onKeyDown: (event: KeyboardEvent) => {
        const moved = movedCursor(event.key, active, count);
        if (moved === 'stays') return;
        event.preventDefault();
        setAt(moved);
      },
    },
  };
}
