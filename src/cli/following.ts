/** How often a gateway looks whether somebody chose another payer or signed in anew. It costs microseconds. */
export const followMs = 250;

/** By when all gateways have looked, and bill as was set. */
export const noticedMs = 300;
