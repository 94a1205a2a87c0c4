import type { Look } from './seriesLook.ts';
import { Swatch } from './Tooltip.tsx';

interface Props {
  readonly series: readonly { readonly id: string; readonly label: string }[];
  readonly hidden: readonly string[];
  readonly lookOf: (series: string) => Look | undefined;
  readonly onToggle: (series: string) => void;
}

/** The series by name; a press switches one off and on. */
export function Legend({ series, hidden, lookOf, onToggle }: Props) {
  return (
    <ul class="legend">
      {series.map(({ id, label }) => (
        <li key={id}>
          <button
            type="button"
            aria-pressed={!hidden.includes(id)}
            title={label}
            onClick={() => onToggle(id)}
          >
            <Swatch look={lookOf(id)} />
            <span class="legend-label">{label}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
