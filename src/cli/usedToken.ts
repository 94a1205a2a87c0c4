import { type FoundToken, findHfTokens, gatewayKeysFound } from '../account/hfTokens.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The names of `stored_tokens` are choices: Hugging Face's own tools use none that was not switched to. */
export function usedToken(environment: Environment): FoundToken | undefined {
  return findHfTokens(environment).find(({ source }) => source.kind !== 'stored-token');
}

/** In one sentence, where a key of the gateway stands in place of a token; undefined: nowhere. */
export function mistakenToken(environment: Environment): string | undefined {
  const [where] = gatewayKeysFound(environment).flatMap(source =>
    source.kind === 'environment' ? [source.variable] : source.kind === 'token-file' ? [source.path] : [],
  );
  if (where === undefined) return undefined;
  return `${where} holds a key of Headroom's gateway, which is no token of Hugging Face and is not sent there. Put a token in its place, made at https://huggingface.co/settings/tokens.`;
}
