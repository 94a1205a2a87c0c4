/** Machine words: what is wrong with a request that goes nowhere. */
export type RouteRefusalCode =
  | 'token_missing'
  | 'provider_key_missing'
  | 'provider_key_invalid'
  | 'provider_without_keys'
  | 'provider_unknown'
  | 'provider_not_routed'
  | 'profile_contradicted'
  | 'route_not_served'
  | 'no_chat_route'
  | 'model_missing';

/** A request that goes nowhere. The message is English and ends with what to do. */
export class RouteRefusal extends Error {
  override readonly name = 'RouteRefusal';
  readonly status: 400 | 401;
  readonly code: RouteRefusalCode;
  constructor(status: 400 | 401, code: RouteRefusalCode, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
