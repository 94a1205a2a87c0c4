import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { formatUsd } from '../../limits/account/money.ts';
import { axisFormat } from '../formatValue.ts';
import { useReader } from '../reader.ts';
import { margin, yAxis } from './axes.ts';
import { dayFormat } from './dayFormat.ts';
import { type Forecast, greatestAmount, labelledDays, type Stop } from './forecastStops.ts';
import { Grid, TimeLabel } from './Plot.tsx';
import { Tooltip, type TooltipRow } from './Tooltip.tsx';

interface Props {
  readonly chart: Forecast;
  readonly width: number;
  readonly height: number;
  /** The stop below the cursor, and what its tooltip says. */
  readonly stop: Stop | undefined;
  readonly title: string;
  readonly rows: readonly TooltipRow[];
}

/** Half of a word, in CSS pixels. */
const labelRoom = 32;

export function ForecastDrawing({ chart, width, height, stop, title, rows }: Props) {
  const { locale, say, now } = useReader();
  const { from, until, points, band, marks } = chart;
  const x = scaleLinear()
    .domain([from, until])
    .range([margin.left, width - margin.right]);
  const axis = yAxis(greatestAmount(chart), 'nano-usd', height);
  const y = axis.scale;
  const bottom = height - margin.bottom;
  type Point = Forecast['points'][number];
  type Band = Forecast['band'][number];
  const known = ({ nanoUsd }: Point) => nanoUsd !== null;
  const spentLine = line<Point>(
    ({ at }) => x(at),
    ({ nanoUsd }) => y(nanoUsd ?? 0),
  ).defined(known);
  const spentArea = area<Point>(
    ({ at }) => x(at),
    bottom,
    ({ nanoUsd }) => y(nanoUsd ?? 0),
  ).defined(known);
  const bandArea = area<Band>(
    ({ at }) => x(at),
    ({ low }) => y(low),
    ({ high }) => y(high),
  );
  const likelyLine = line<Band>(
    ({ at }) => x(at),
    ({ likely }) => y(likely),
  );
  const today = x(Math.min(until, Math.max(from, now())));
  const value = stop?.expected?.likely ?? stop?.spent;
  return (
    <>
      <Grid axis={axis} width={width} format={axisFormat('nano-usd', axis.ticks, locale)} />
      <path class="band" d={bandArea(band) ?? ''} />
      <path class="spent-area" d={spentArea(points) ?? ''} />
      <line class="today" x1={today} x2={today} y1={margin.top} y2={bottom} />
      {marks.map(({ id, label, nanoUsd }) => (
        <g key={id} class={`mark mark-${id}`} transform={`translate(0,${y(nanoUsd)})`}>
          <line x1={margin.left} x2={width - margin.right} />
          <text x={margin.left + 6} dy="-5">
            {`${label} ${formatUsd(nanoUsd, locale)}`}
          </text>
        </g>
      ))}
      <path class="line expected" d={likelyLine(band) ?? ''} />
      <path class="line spent" d={spentLine(points) ?? ''} />
      {points.length === 0 && (
        <text x={(margin.left + width) / 2} y={height / 2} text-anchor="middle">
          {say('unknown')}
        </text>
      )}
      {labelledDays(from, until, width - margin.left).map(at => (
        <TimeLabel key={at} x={x(at)} width={width} height={height} text={dayFormat(locale).format(at)} />
      ))}
      {stop && (
        <g>
          <line class="cursor-line" x1={x(stop.at)} x2={x(stop.at)} y1={margin.top} y2={bottom} />
          {typeof value === 'number' && <circle class="dot" cx={x(stop.at)} cy={y(value)} r="4" />}
          <Tooltip x={x(stop.at)} width={width} title={title} rows={rows} />
        </g>
      )}
      <text
        class="today-label"
        x={today}
        y={margin.top - 8}
        text-anchor={today > width - labelRoom ? 'end' : 'middle'}
      >
        {say('today')}
      </text>
    </>
  );
}
