import type { Problem } from '../account/snapshot.ts';

/** One or two sentences: what happened, in HF's words where it had some, and what helps. No URL of a call. */
export function problemMessage(problem: Problem): string {
  const answer = answered(problem);
  switch (problem.kind) {
    case 'invalid-token':
      return `Hugging Face does not accept the token (${answer}). It has expired, was revoked or is mistyped; new ones are made at https://huggingface.co/settings/tokens.`;
    case 'missing-permission':
      return `The token may not read this (${answer}). Its permissions are listed at https://huggingface.co/settings/tokens.`;
    case 'payment-required':
      return `Hugging Face asks for payment first (${answer}). See https://huggingface.co/settings/billing.`;
    case 'rate-limited':
      return `Too many requests (${answer}). ${waitOf(problem)}`;
    case 'not-found':
      return `The server does not have this (${answer}).`;
    case 'server-error':
      return `Hugging Face failed (${answer}). It says how it is at https://status.huggingface.co.`;
    case 'redirected':
    case 'not-json':
      return `Something other than Hugging Face answered (${problem.message}). A network's sign-in page or a proxy does that.`;
    case 'dns':
      return `The server's name can't be resolved${coded(problem)}. The network is down, or needs a proxy.`;
    case 'unreachable':
      return `The server can't be reached${coded(problem)}. The network is down, or needs a proxy.`;
    case 'tls':
      return `The server's certificate is not trusted${coded(problem)}. If your network inspects TLS, its authority belongs into NODE_EXTRA_CA_CERTS.`;
    case 'rejected':
    case 'format-changed':
    case 'too-large':
    case 'truncated':
    case 'timeout':
    case 'aborted':
      return sentence(problem.message);
  }
}

/** `403: words of HF`. */
function answered({ status, words }: Problem): string {
  return [status, words?.replace(/[.\s]+$/, '')].filter(Boolean).join(': ') || 'without a reason';
}

function coded({ code }: Problem): string {
  return code === undefined ? '' : ` (${code})`;
}

function waitOf({ retryAt }: Problem): string {
  return retryAt === undefined
    ? 'How long it lasts was not said.'
    : `It ends at ${new Date(retryAt).toISOString()}.`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
