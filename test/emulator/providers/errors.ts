import type { WrongField } from '../inference/fields.ts';

/** An error response in the provider's own format. */
export interface ProviderError {
  readonly status: number;
  readonly body: unknown;
}

export function openAiError(
  status: number,
  message: string,
  code: string | null,
  type = 'invalid_request_error',
): ProviderError {
  return { status, body: { error: { message, type, param: null, code } } };
}

/** Cerebras has the fields of OpenAI's `error` at the top. */
export function cerebrasError(
  status: number,
  message: string,
  type: string,
  param: string,
  code: string,
): ProviderError {
  return { status, body: { message, type, param, code } };
}

export function zaiError(status: number, code: string, message: string): ProviderError {
  return { status, body: { error: { code, message } } };
}

const detail = (status: number, text: unknown): ProviderError => ({ status, body: { detail: text } });
const novitaError = (code: number, reason: string, message: string): ProviderError => ({
  status: code,
  body: { code, reason, message, metadata: {} },
});
const replicateError = (status: number, title: string, text: string): ProviderError => ({
  status,
  body: { title, detail: text, status },
});

/** A missing or unknown key. OpenAI's format is assumed for providers without a known one. */
export function wrongKey(provider: string): ProviderError {
  switch (provider) {
    case 'cerebras':
      return cerebrasError(401, 'Wrong API Key', 'invalid_request_error', 'api_key', 'wrong_api_key');
    case 'cohere':
      return { status: 401, body: { message: 'invalid api token' } };
    case 'deepinfra':
      return detail(401, { error: 'User is not authenticated' });
    case 'fal-ai':
      return detail(401, 'No user found for Key ID and Secret');
    case 'novita':
      return novitaError(401, 'INVALID_API_KEY', 'failed to authenticate API key');
    case 'openai':
      return openAiError(
        401,
        'Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.',
        'invalid_api_key',
      );
    case 'replicate':
      return replicateError(401, 'Unauthenticated', 'You did not pass a valid authentication token');
    case 'wavespeed':
      return { status: 401, body: { code: 401, message: 'Unauthorized' } };
    case 'zai-org':
      return zaiError(401, '401', 'token expired or incorrect');
    default:
      return openAiError(401, 'Invalid API Key', 'invalid_api_key');
  }
}

/** A model that the provider does not know by this name; HF's names are not the provider's. */
export function unknownModel(provider: string, model: string): ProviderError {
  switch (provider) {
    case 'cerebras':
      return cerebrasError(
        404,
        `Model ${model} does not exist or you do not have access to it.`,
        'not_found_error',
        'model',
        'model_not_found',
      );
    case 'deepinfra':
    case 'fal-ai':
      return detail(404, `Model ${model} not found`);
    case 'novita':
      return novitaError(404, 'MODEL_NOT_FOUND', `model: ${model} not found`);
    case 'replicate':
      return detail(404, 'The requested resource could not be found.');
    case 'together':
      return openAiError(
        404,
        `Unable to access model ${model}. Please visit https://api.together.ai/models to view the list of supported models.`,
        'model_not_available',
      );
    case 'zai-org':
      return zaiError(400, '1211', 'Unknown Model, please check the model code.');
    default:
      return openAiError(
        404,
        `The model \`${model}\` does not exist or you do not have access to it.`,
        'model_not_found',
      );
  }
}

/**
 * A field that is missing or of the wrong type. HF's router reads `model` alone and passes the provider's answer on;
 * the formats are those of the provider's other errors.
 */
export function invalidField(provider: string, { param, message }: WrongField): ProviderError {
  switch (provider) {
    case 'cerebras':
      return cerebrasError(
        422,
        `body.${param}: ${message}`,
        'invalid_request_error',
        param,
        'wrong_api_format',
      );
    case 'deepinfra':
      return detail(422, [{ type: 'value_error', loc: ['body', param], msg: message }]);
    case 'novita':
      return novitaError(400, 'INVALID_REQUEST_BODY', `${param}: ${message}`);
    case 'zai-org':
      return zaiError(400, '1210', `Invalid API parameter: ${param}: ${message}`);
    default:
      return openAiError(400, `'${param}' : ${message}`, null);
  }
}

/** The account at the provider has no balance left. */
export function noBalance(provider: string): ProviderError {
  switch (provider) {
    case 'fal-ai':
      return detail(
        403,
        'User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.',
      );
    case 'openai':
      return openAiError(
        429,
        'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
        'insufficient_quota',
        'insufficient_quota',
      );
    case 'replicate':
      return replicateError(402, 'Insufficient credit', 'You have insufficient credit to run this model.');
    case 'zai-org':
      return zaiError(429, '1113', 'Insufficient balance or no resource package. Please recharge.');
    default:
      return openAiError(402, 'NOT_ENOUGH_BALANCE', 'NOT_ENOUGH_BALANCE', 'insufficient_quota');
  }
}

/** A path that the provider's API does not have. */
export function unknownRoute(provider: string, method: string, path: string): ProviderError {
  return provider === 'groq'
    ? openAiError(
        404,
        `Unknown request URL: ${method} ${path}. Please check the URL for typos.`,
        'unknown_url',
      )
    : detail(404, 'Not Found');
}
