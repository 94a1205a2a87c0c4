import { useRef } from 'preact/hooks';
import type { Actions } from './actions.ts';
import { useReader } from './reader.ts';

/** Exports of the whole page. Escape and a click elsewhere close it. */
export function ExportMenu({ request, say: announce }: Actions) {
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
        <button type="button" onClick={run(() => print(() => announce(say('cannotPrint'))))}>
          {say('print')}
        </button>
      </div>
    </details>
  );
}

/** Some hosts show no print dialog: then `print` returns without its events, or throws. */
function print(failed: () => void): void {
  let began = false;
  const begin = () => {
    began = true;
  };
  window.addEventListener('beforeprint', begin, { once: true });
  try {
    window.print();
  } catch {}
  window.removeEventListener('beforeprint', begin);
  if (!began) failed();
}
