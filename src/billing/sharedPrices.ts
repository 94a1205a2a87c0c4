/** Nano-USD per token. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** By provider and model, in the keys of `Prices`. */
export type PriceTable = ReadonlyMap<string, Price>;

/** The ledger's parts of accounts. */
export interface PartStore {
  readPart(account: string, part: string): StoredPart | undefined;
  writePart(account: string, part: string, stored: StoredPart): void;
}

interface StoredPart {
  readonly value?: string;
  /** Epoch ms. */
  readonly asOf?: number;
}

/** In place of an account: the router's list is the same for all. */
const anyAccount = 'everybody';
/** The version of `value`: rows of another form are not found. */
const format = 'v1/prices';

/** The list that another gateway on this machine loaded; undefined also when it can't be parsed. */
export function readPrices(
  ledger: PartStore,
  routerUrl: string,
): { readonly table: PriceTable; readonly asOf: number } | undefined {
  const { value, asOf } = ledger.readPart(anyAccount, partOf(routerUrl)) ?? {};
  const table = value === undefined ? undefined : parseTable(value);
  return table === undefined || asOf === undefined ? undefined : { table, asOf };
}

/** @param asOf epoch ms */
export function writePrices(ledger: PartStore, routerUrl: string, table: PriceTable, asOf: number): void {
  const rows = [...table].map(([key, { input, output }]) => [key, input, output]);
  ledger.writePart(anyAccount, partOf(routerUrl), { value: JSON.stringify(rows), asOf });
}

function partOf(routerUrl: string): string {
  return `${format} ${routerUrl}`;
}

function parseTable(value: string): PriceTable | undefined {
  try {
    const rows = JSON.parse(value) as [string, number, number][];
    return new Map(rows.map(([key, input, output]) => [key, { input, output }]));
  } catch {
    return undefined;
  }
}
