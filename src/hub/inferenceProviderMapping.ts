import * as v from 'valibot';
import type { Http } from './http.ts';
import { HubError } from './hubError.ts';
import { anyObject, formatChanged, maybe } from './schema.ts';
import type { Servers } from './servers.ts';

/** A model at one provider. */
export interface ProviderModel {
  readonly provider: string;
  /** The provider's own id of the model. */
  readonly providerId: string;
  /** `live`, `staging` or `error`. */
  readonly status: string;
  /** `conversational`, `text-to-image` … */
  readonly task: string;
}

/**
 * `GET /api/models/{id}?expand[]=inferenceProviderMapping`: the providers of a model, and its name there.
 * Private models need the token.
 * @throws HubError `not-found` or `invalid-token` for a model that the caller can't see
 */
export async function inferenceProviderMapping(
  http: Pick<Http, 'getJson'>,
  servers: Servers,
  model: string,
  token: string | undefined,
): Promise<ProviderModel[]> {
  // A program chose the id: no dots that lead to another path. The Hub has no such names.
  if (!repositoryId.test(model)) throw new HubError('not-found', 'No model of the Hub has such an id');
  const url = `${servers.hubUrl}/api/models/${model}?expand[]=inferenceProviderMapping`;
  return parseInferenceProviderMapping(await http.getJson(url, { token }));
}

const repositoryId = /^(?:[\w-][\w.-]*\/)?[\w-][\w.-]*$/;

const entrySchema = v.object({
  provider: maybe(v.string()),
  providerId: v.string(),
  status: v.string(),
  task: v.string(),
});

/**
 * The mapping is an object by provider, or a list of entries with `provider`. An unreadable entry is left
 * out. A model without providers may have none.
 * @throws HubError `format-changed` when the mapping is neither
 */
export function parseInferenceProviderMapping(body: unknown): ProviderModel[] {
  if (!v.is(anyObject, body)) throw formatChanged('');
  const mapping = body.inferenceProviderMapping;
  if (mapping === undefined || mapping === null) return [];
  if (Array.isArray(mapping)) return mapping.flatMap(entry => readEntry(entry, undefined));
  if (!v.is(anyObject, mapping)) throw formatChanged('inferenceProviderMapping');
  return Object.entries(mapping).flatMap(([provider, entry]) => readEntry(entry, provider));
}

function readEntry(entry: unknown, provider: string | undefined): ProviderModel[] {
  const { success, output } = v.safeParse(entrySchema, entry);
  const id = provider ?? (success ? output.provider : undefined);
  if (!success || id === undefined) return [];
  const { providerId, status, task } = output;
  return [{ provider: id, providerId, status, task }];
}
