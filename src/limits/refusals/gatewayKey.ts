/** Start of the gateway's keys. Other SDKs take them for Hugging Face tokens; Headroom must not. */
export const gatewayKeyPrefix = 'hf_headroom_';

export function isGatewayKey(text: string): boolean {
  return text.startsWith(gatewayKeyPrefix);
}
