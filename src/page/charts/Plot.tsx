import type { ComponentChildren } from 'preact';
import { useReader } from '../reader.ts';
import type { YAxis } from './axes.ts';
import { margin } from './axes.ts';
import { useCursor } from './useCursor.ts';
import { useWidth } from './useWidth.ts';

interface Props {
  readonly title: string;
  readonly height: number;
  /** How many places the cursor has. */
  readonly count: number;
  /** The place at a share of the plot's width, 0 to 1. */
  readonly placeAt: (share: number) => number;
  /** The values at a place, for a screen reader. */
  readonly valueText: (place: number) => string;
  readonly draw: (width: number, active: number | undefined) => ComponentChildren;
}

/** The frame of a chart over time: its size, and a cursor for pointer and keyboard. It is a slider to screen readers. */
export function Plot({ title, height, count, placeAt, valueText, draw }: Props) {
  const { say } = useReader();
  const [place, width] = useWidth<HTMLDivElement>();
  const plotWidth = Math.max(1, width - margin.left - margin.right);
  const { active, handlers } = useCursor(count, x => placeAt((x - margin.left) / plotWidth));
  const now = active ?? count - 1;
  return (
    <div
      ref={place}
      class="plot"
      role="slider"
      tabIndex={0}
      aria-label={say('chartKeys', title)}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, count - 1)}
      aria-valuenow={Math.max(0, now)}
      aria-valuetext={now >= 0 ? valueText(now) : say('nothing')}
      {...handlers}
    >
      <svg class="chart" width={width} height={height} aria-hidden="true">
        {width > 0 && draw(width, active)}
      </svg>
    </div>
  );
}

interface GridProps {
  readonly axis: YAxis;
  readonly width: number;
  readonly format: (value: number) => string;
}

/** Horizontal lines with their values. */
export function Grid({ axis: { scale, ticks }, width, format }: GridProps) {
  return (
    <g class="y-axis">
      {ticks.map(tick => (
        <g key={tick} transform={`translate(0,${Math.round(scale(tick)) + 0.5})`}>
          <line class={tick === 0 ? 'baseline' : 'gridline'} x1={margin.left} x2={width - margin.right} />
          <text x={margin.left - 8} dy="0.32em" text-anchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}

interface LabelProps {
  readonly x: number;
  readonly height: number;
  readonly width: number;
  readonly text: string;
}

/** A label of the x axis, kept inside the chart. */
export function TimeLabel({ x, height, width, text }: LabelProps) {
  const half = text.length * 3.2;
  const anchor = x + half > width ? 'end' : x - half < margin.left ? 'start' : 'middle';
  const at = anchor === 'end' ? width - 1 : anchor === 'start' ? margin.left : x;
  return (
    <text class="time-label" x={at} y={height - 6} text-anchor={anchor}>
      {text}
    </text>
  );
}
