import type { RouterModel } from '../hub/router.ts';

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
const format = 'v1/offers';

/** The list that another process on this machine loaded; undefined also when it can't be parsed. */
export function readOffers(
  ledger: PartStore,
  routerUrl: string,
): { readonly models: readonly RouterModel[]; readonly asOf: number } | undefined {
  const { value, asOf } = ledger.readPart(anyAccount, partOf(routerUrl)) ?? {};
  const models = value === undefined ? undefined : parse(value);
  return models === undefined || asOf === undefined ? undefined : { models, asOf };
}

/** @param asOf epoch ms */
export function writeOffers(
  ledger: PartStore,
  routerUrl: string,
  models: readonly RouterModel[],
  asOf: number,
): void {
  ledger.writePart(anyAccount, partOf(routerUrl), { value: JSON.stringify(models), asOf });
}

function partOf(routerUrl: string): string {
  return `${format} ${routerUrl}`;
}

function parse(value: string): readonly RouterModel[] | undefined {
  try {
    const models: unknown = JSON.parse(value);
    return Array.isArray(models) && models.every(isModel) ? models : undefined;
  } catch {
    return undefined;
  }
}

function isModel(model: unknown): model is RouterModel {
  const { id, offers } = (model ?? {}) as Partial<RouterModel>;
  return typeof id === 'string' && Array.isArray(offers) && offers.every(isOffer);
}

function isOffer(offer: unknown): boolean {
  const { provider, pricing } = (offer ?? {}) as { provider?: unknown; pricing?: Record<string, unknown> };
  return typeof provider === 'string' && [pricing?.input, pricing?.output].every(isPrice);
}

function isPrice(price: unknown): boolean {
  return price === undefined || (typeof price === 'number' && price >= 0);
}
