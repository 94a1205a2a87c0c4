import { margin } from './axes.ts';

export interface TooltipRow {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  /** A class of its swatch. */
  readonly look?: string;
  readonly isEvent?: boolean;
}

interface Props {
  readonly x: number;
  readonly width: number;
  readonly title: string;
  readonly rows: readonly TooltipRow[];
}

const mostWidth = 280;
const gap = 12;

/** The values beside the cursor. Inside the SVG, so that its place needs no inline style. */
export function Tooltip({ x, width, title, rows }: Props) {
  const tooltipWidth = Math.min(mostWidth, Math.max(180, width * 0.55));
  const right = x + gap + tooltipWidth <= width;
  const left = Math.max(0, x - gap - tooltipWidth);
  return (
    <foreignObject
      class="tooltip-place"
      x={right ? x + gap : left}
      y={margin.top}
      width={tooltipWidth}
      height="1"
    >
      <div class="tooltip">
        <p>{title}</p>
        {rows.map(({ id, label, text, look, isEvent }) => (
          <p key={id} class={isEvent ? 'tooltip-event' : id === 'total' ? 'tooltip-total' : undefined}>
            {isEvent ? <EventMark /> : <Swatch look={look} />}
            <span class="tooltip-label">{label}</span>
            <span class="tooltip-value">{text}</span>
          </p>
        ))}
      </div>
    </foreignObject>
  );
}

/** A sample of a series' colour and pattern. */
export function Swatch({ look }: { readonly look: string | undefined }) {
  return (
    <svg class="swatch" width="10" height="10" aria-hidden="true">
      {look && <rect class={`shape ${look}`} width="10" height="10" rx="2" />}
    </svg>
  );
}

function EventMark() {
  return (
    <svg class="swatch" width="10" height="10" aria-hidden="true">
      <path class="event" d="M1,2h8l-4,7z" />
    </svg>
  );
}
