import type { Table } from '../view/dashboard/dashboardState.ts';
import { useReader } from './reader.ts';

/** More rows take a webview longer than a reader scrolls. */
const mostRows = 400;

export function DataTable({
  title,
  table: { columns, rows },
}: {
  readonly title: string;
  readonly table: Table;
}) {
  const { say, locale } = useReader();
  if (rows.length === 0) return <p class="empty">{say('nothing')}</p>;
  const more = rows.length - mostRows;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keyboard */}
      <section class="table-scroll" aria-label={say('tableOf', title)} tabIndex={0}>
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              {columns.map(({ id, label, isNumber }) => (
                <th key={id} scope="col" class={isNumber ? 'number' : undefined}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, mostRows).map((cells, row) => (
              <tr key={row}>
                {columns.map(({ id, isNumber }, index) => {
                  const text = cells[index]?.text ?? '';
                  if (index === 0) {
                    return (
                      <th key={id} scope="row" class={isNumber ? 'number' : undefined} title={text}>
                        {text}
                      </th>
                    );
                  }
                  return (
                    <td key={id} class={isNumber ? 'number' : undefined} title={text}>
                      {text}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {more > 0 && <p class="empty">{say('moreInExport', new Intl.NumberFormat(locale).format(more))}</p>}
    </>
  );
}
