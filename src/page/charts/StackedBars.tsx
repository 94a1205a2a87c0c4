import { axisFormat } from '../formatValue.ts';
import { useReader } from '../reader.ts';
import { labelledBins, margin, yAxis } from './axes.ts';
import { Grid, TimeLabel } from './Plot.tsx';
import type { Look } from './seriesLook.ts';
import { type Bins, barsPath, binTotal, greatestTotal, type Series, stackedBars } from './stackedBars.ts';
import { Tooltip, type TooltipRow } from './Tooltip.tsx';

interface Props {
  readonly bins: Bins['bins'];
  /** Bins in which something happened. */
  readonly eventful: readonly number[];
  readonly unit: Bins['unit'];
  readonly series: readonly Series[];
  readonly lookOf: (series: string) => Look | undefined;
  readonly width: number;
  readonly height: number;
  /** The bin below the cursor, and what its tooltip says. */
  readonly active: number | undefined;
  readonly title: string;
  readonly rows: readonly TooltipRow[];
}

const mostBarWidth = 36;
/** Of a bin's width. */
const barShare = 0.72;

export function StackedBars({
  bins,
  eventful,
  unit,
  series,
  lookOf,
  width,
  height,
  active,
  title,
  rows,
}: Props) {
  const { locale, say } = useReader();
  const axis = yAxis(greatestTotal(series), unit, height);
  const step = (width - margin.left - margin.right) / Math.max(1, bins.length);
  const barWidth = Math.min(mostBarWidth, Math.max(0.75, step * barShare));
  const middle = (bin: number) => margin.left + step * (bin + 0.5);
  const left = (bin: number) => middle(bin) - barWidth / 2;
  const unknown = bins.flatMap((_, bin) =>
    series.length > 0 && binTotal(series, bin) === null
      ? [{ bin, from: 0, until: axis.scale.invert(margin.top) }]
      : [],
  );
  return (
    <>
      <Grid axis={axis} width={width} format={axisFormat(unit, axis.ticks, locale)} />
      {active !== undefined && (
        <rect
          class="cursor-band"
          x={margin.left + step * active}
          y={margin.top}
          width={step}
          height={height - margin.top - margin.bottom}
        />
      )}
      <path class="not-known" d={barsPath(unknown, { left, width: barWidth, y: axis.scale })} />
      {stackedBars(series).map(layer => (
        <path
          key={layer.series.id}
          class={`shape ${lookOf(layer.series.id)}`}
          d={barsPath(layer.bars, { left, width: barWidth, y: axis.scale })}
        />
      ))}
      {eventful.map(bin => (
        <path key={bin} class="event" d={`M${middle(bin) - 4},4h8l-4,7z`} />
      ))}
      {series.length === 0 && (
        <text x={(margin.left + width) / 2} y={height / 2} text-anchor="middle">
          {say('nothing')}
        </text>
      )}
      {labelledBins(
        bins.map(({ label }) => label),
        width - margin.left - margin.right,
      ).map(bin => (
        <TimeLabel key={bin} x={middle(bin)} width={width} height={height} text={bins[bin]?.label ?? ''} />
      ))}
      {active !== undefined && <Tooltip x={middle(active)} width={width} title={title} rows={rows} />}
    </>
  );
}
