import type { AlertMemory } from '../../../../src/view/alerts/newAlerts.ts';

/** A ledger that all windows share. */
export function aLedger() {
  const preferences = new Map<string, string>();
  const claimed = new Map<string, number>();
  return {
    preferences,
    claimed,
    now: 0,
    getPreference: (key: string) => preferences.get(key),
    setPreference(key: string, value: string | undefined) {
      if (value === undefined) preferences.delete(key);
      else preferences.set(key, value);
    },
  };
}

/** What one window remembers since its start, beside the ledger. */
export function aWindowsMemory(ledger = aLedger()): AlertMemory {
  return {
    everywhere: ledger,
    here: new Map(),
    claim(what) {
      if ((ledger.claimed.get(what) ?? 0) > ledger.now) return false;
      ledger.claimed.set(what, ledger.now + 60_000);
      return true;
    },
  };
}
