/** An answer in a provider's own form. */
export interface Words {
  readonly status: number;
  readonly body: unknown;
}

const openAi = (status: number, message: string, code: string, type = 'invalid_request_error'): Words => ({
  status,
  body: { error: { message, type, param: null, code } },
});
const detail = (status: number, text: unknown): Words => ({ status, body: { detail: text } });
const reason = (code: number, why: string, message: string): Words => ({
  status: code,
  body: { code, reason: why, message, metadata: {} },
});

/** A key that the provider doesn't know, or none. Forms differ; those of the smaller ones are assumed to be OpenAI's. */
export function wrongKey(provider: string): Words {
  switch (provider) {
    case 'cerebras':
      return {
        status: 401,
        body: {
          message: 'Wrong API Key',
          type: 'invalid_request_error',
          param: 'api_key',
          code: 'wrong_api_key',
        },
      };
    case 'cohere':
      return { status: 401, body: { message: 'invalid api token' } };
    case 'deepinfra':
      return detail(401, { error: 'User is not authenticated' });
    case 'fal-ai':
      return detail(401, 'No user found for Key ID and Secret');
    case 'novita':
      return reason(401, 'INVALID_API_KEY', 'failed to authenticate API key');
    case 'openai':
      return openAi(
        401,
        'Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.',
        'invalid_api_key',
      );
    case 'replicate':
      return {
        status: 401,
        body: {
          title: 'Unauthenticated',
          detail: 'You did not pass a valid authentication token',
          status: 401,
        },
      };
    case 'wavespeed':
      return { status: 401, body: { code: 401, message: 'Unauthorized' } };
    case 'zai-org':
      return { status: 401, body: { error: { code: '401', message: 'token expired or incorrect' } } };
    default:
      return openAi(401, 'Invalid API Key', 'invalid_api_key');
  }
}

/** A model that the provider has not, or not under this name: HF's names are not its own. */
export function unknownModel(provider: string, model: string): Words {
  switch (provider) {
    case 'cerebras':
      return {
        status: 404,
        body: {
          message: `Model ${model} does not exist or you do not have access to it.`,
          type: 'not_found_error',
          param: 'model',
          code: 'model_not_found',
        },
      };
    case 'deepinfra':
    case 'fal-ai':
      return detail(404, `Model ${model} not found`);
    case 'novita':
      return reason(404, 'MODEL_NOT_FOUND', `model: ${model} not found`);
    case 'replicate':
      return detail(404, 'The requested resource could not be found.');
    case 'together':
      return openAi(
        404,
        `Unable to access model ${model}. Please visit https://api.together.ai/models to view the list of supported models.`,
        'model_not_available',
      );
    case 'zai-org':
      return {
        status: 400,
        body: { error: { code: '1211', message: 'Unknown Model, please check the model code.' } },
      };
    default:
      return openAi(
        404,
        `The model \`${model}\` does not exist or you do not have access to it.`,
        'model_not_found',
      );
  }
}

/** The account at the provider has no money left. */
export function noBalance(provider: string): Words {
  switch (provider) {
    case 'fal-ai':
      return detail(
        403,
        'User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.',
      );
    case 'openai':
      return openAi(
        429,
        'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
        'insufficient_quota',
        'insufficient_quota',
      );
    case 'replicate':
      return {
        status: 402,
        body: {
          title: 'Insufficient credit',
          detail: 'You have insufficient credit to run this model.',
          status: 402,
        },
      };
    case 'zai-org':
      return {
        status: 429,
        body: {
          error: { code: '1113', message: 'Insufficient balance or no resource package. Please recharge.' },
        },
      };
    default:
      return openAi(402, 'NOT_ENOUGH_BALANCE', 'NOT_ENOUGH_BALANCE', 'insufficient_quota');
  }
}

/** No such path in the provider's API. */
export function unknownRoute(provider: string, method: string, path: string): Words {
  return provider === 'groq'
    ? openAi(404, `Unknown request URL: ${method} ${path}. Please check the URL for typos.`, 'unknown_url')
    : detail(404, 'Not Found');
}
