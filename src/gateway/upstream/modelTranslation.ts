import { parseModelName, unlistedName } from '../../billing/modelName.ts';
import type { ModelSpan } from '../body/requestModel.ts';
import { type GatewayError, modelNotSupported, modelUnknown } from '../errors.ts';
import type { GatewayModels } from '../options.ts';

/** The model's place in the body with the provider's own name of it, or why there is none. Never rejects. */
export async function translate(
  span: ModelSpan,
  provider: string,
  models: GatewayModels,
  signal: AbortSignal,
): Promise<ModelSpan | GatewayError> {
  const { id } = parseModelName(span.model);
  const own = unlistedName(provider, id);
  if (own !== undefined) return { ...span, model: own };
  try {
    const model = await models.find(provider, id, signal);
    if (model !== undefined) return { ...span, model };
    return modelNotSupported(provider, id, await models.providersOf(id, signal));
  } catch {
    return modelUnknown;
  }
}
