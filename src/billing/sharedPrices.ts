/** Nano-USD per token. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** By provider and model, in words of `Prices`. */
export type PriceTable = ReadonlyMap<string, Price>;

/** The ledger, as far as it is needed. */
export interface PartStore {
  readPart(account: string, part: string): StoredPart | undefined;
  writePart(account: string, part: string, stored: StoredPart): void;
}

interface StoredPart {
  readonly value?: string;
  /** Epoch ms. */
  readonly asOf?: number;
}

/** In the place of an account: the list is the same for all. */
const everybody = 'everybody';
/** Rows of another form are not read. */
const format = 'v1/prices';

/** The list that a gateway loaded is there for the others: ten of them cost Hugging Face as much as one. */
export class SharedPrices {
  readonly #ledger: PartStore;

  constructor(ledger: PartStore) {
    this.#ledger = ledger;
  }

  /** Undefined also when it can't be read: then it is loaded anew. */
  read(routerUrl: string): { readonly table: PriceTable; readonly asOf: number } | undefined {
    const { value, asOf } = this.#ledger.readPart(everybody, partOf(routerUrl)) ?? {};
    const table = value === undefined ? undefined : tableIn(value);
    return table === undefined || asOf === undefined ? undefined : { table, asOf };
  }

  /** @param asOf epoch ms */
  write(routerUrl: string, table: PriceTable, asOf: number): void {
    const rows = [...table].map(([key, { input, output }]) => [key, input, output]);
    this.#ledger.writePart(everybody, partOf(routerUrl), { value: JSON.stringify(rows), asOf });
  }
}

function partOf(routerUrl: string): string {
  return `${format} ${routerUrl}`;
}

function tableIn(value: string): PriceTable | undefined {
  try {
    const rows = JSON.parse(value) as [string, number, number][];
    return new Map(rows.map(([key, input, output]) => [key, { input, output }]));
  } catch {
    return undefined;
  }
}
