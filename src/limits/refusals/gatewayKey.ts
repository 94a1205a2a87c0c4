/** How keys of the gateway begin. Its callers' SDKs take them for tokens of Hugging Face; nothing of ours may. */
export const gatewayKeyPrefix = 'hf_headroom_';

export function isGatewayKey(text: string): boolean {
  return text.startsWith(gatewayKeyPrefix);
}
