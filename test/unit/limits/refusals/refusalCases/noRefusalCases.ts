import { chat, json, type RefusalCase, windowHeaders } from './refusalCase.ts';

const no = (name: string, seen: RefusalCase['seen']): RefusalCase => ({ name, seen, expected: undefined });

/** Responses that no limit declined. */
export const noRefusalCases: readonly RefusalCase[] = [
  no('a success', { status: 200, bodyText: '{"id":"c1","choices":[]}' }),
  no("a success with Together's stray Retry-After", { status: 200, headers: { 'retry-after': '30' } }),
  no('a success that ends a window', { status: 200, headers: windowHeaders(0), bodyText: '{}' }),
  no('a success that speaks of limits', {
    status: 200,
    bodyText: JSON.stringify({
      error: null,
      choices: [{ message: { content: 'You have exceeded the rate limit for "error" texts (1 per day).' } }],
    }),
  }),
  no('a wrong token', { status: 401, bodyText: json('Invalid credentials in Authorization header') }),
  no('a missing permission', {
    status: 403,
    bodyText: json(
      'This authentication method does not have sufficient permissions to call Inference Providers on behalf of user ada',
    ),
  }),
  no('an organization that the token may not bill', {
    status: 401,
    url: chat,
    billedTo: 'acme',
    bodyText: json('You are not allowed to bill acme'),
  }),
  no('a resource group without the user', {
    status: 403,
    url: chat,
    billedTo: '650000000000000000000002',
    bodyText: json('You are not a member of this resource group'),
  }),
  no('an organization without a plan', {
    status: 403,
    url: chat,
    billedTo: 'acme',
    bodyText: json('Organization acme must be on a Team or Enterprise plan to be billed'),
  }),
  no('a missing permission for an endpoint', {
    status: 403,
    url: 'https://api.endpoints.huggingface.cloud/v2/endpoint/acme',
    bodyText: json('missing permissions: inference.endpoints.write'),
  }),
  no('an unknown model', { status: 400, bodyText: json({ message: 'x', code: 'model_not_supported' }) }),
  no('a server error', { status: 500, bodyText: json({ message: 'x', type: 'server_error' }) }),
  no('an endpoint that wakes up', {
    status: 503,
    url: 'https://x.us-east-1.aws.endpoints.huggingface.cloud',
  }),
  no('a model that is being loaded', {
    status: 503,
    url: 'https://router.huggingface.co/hf-inference/models/acme/m',
    bodyText: JSON.stringify({ error: 'Model acme/m is currently loading', estimated_time: 20 }),
  }),
  no("the Hub's front that finds no server", {
    status: 503,
    bodyText:
      '<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>503 Service Unavailable ERROR</H1>There might be too much traffic or a configuration error.</BODY></HTML>',
  }),
  no('a gateway timeout', { status: 504 }),
];
