/** How often a gateway looks whether somebody chose another payer or signed in anew. It costs microseconds. */
export const FOLLOW_MS = 250;

/** By when all gateways have looked, and bill as was set. */
export const NOTICED_MS = 300;
