import { useRef } from 'preact/hooks';
import type { Actions } from './actions.ts';
import { printablePage } from './printablePage.ts';
import { useReader } from './reader.ts';

/** Exports of the whole page. Escape and a click elsewhere close it. */
export function ExportMenu({ request }: Pick<Actions, 'request'>) {
  const { say } = useReader();
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => menu.current?.removeAttribute('open');
  const run = (action: () => void) => () => {
    close();
    menu.current?.querySelector('summary')?.focus();
    action();
  };
  return (
    <details
      class="menu"
      ref={menu}
      onKeyDown={({ key }) => key === 'Escape' && run(() => {})()}
      onFocusOut={({ relatedTarget }) => {
        if (!menu.current?.contains(relatedTarget as Node | null)) close();
      }}
    >
      <summary>{say('export')}</summary>
      <div class="menu-items">
        <button type="button" onClick={run(() => request({ kind: 'export', format: 'csv' }))}>
          {say('exportCsv')}
        </button>
        <button type="button" onClick={run(() => request({ kind: 'export', format: 'json' }))}>
          {say('exportJson')}
        </button>
        <button type="button" onClick={run(() => request({ kind: 'export-page', ...printablePage() }))}>
          {say('exportPage')}
        </button>
      </div>
    </details>
  );
}
