import type { Chart } from '../../view/dashboard/dashboardState.ts';
import { useReader } from '../reader.ts';
import { LabelledBar } from './LabelledBar.tsx';
import { mostRows } from './rows.ts';

/** Amounts side by side as horizontal bars. */
export function AmountList({ chart: { rows } }: { readonly chart: Extract<Chart, { kind: 'amounts' }> }) {
  const { say } = useReader();
  if (rows.length === 0) return <p class="empty">{say('nothing')}</p>;
  const greatest = Math.max(...rows.map(({ value }) => value ?? 0));
  const more = rows.length - mostRows;
  return (
    <>
      <ul class="bars">
        {rows.slice(0, mostRows).map(({ id, label, value, text }) => (
          <li key={id}>
            <LabelledBar
              label={label}
              value={text}
              share={value === null ? undefined : greatest > 0 ? value / greatest : 0}
              look="amount"
            />
          </li>
        ))}
      </ul>
      {more > 0 && <p class="empty">{say('moreInTable', String(more))}</p>}
    </>
  );
}
