import type { Problem } from '../../account/snapshot.ts';
import { iso } from './iso.ts';

/** What happened, in HF's words if it sent some, and what helps. Never the URL of a call. */
export function problemMessage(problem: Problem): string {
  const response = responseWords(problem);
  switch (problem.kind) {
    case 'invalid-token':
      return `Hugging Face rejected the token (${response}). It is expired, revoked or mistyped; make a new one at https://huggingface.co/settings/tokens.`;
    case 'missing-permission':
      return `The token may not read this (${response}). Its permissions are listed at https://huggingface.co/settings/tokens.`;
    case 'payment-required':
      return `Hugging Face requires payment first (${response}). See https://huggingface.co/settings/billing.`;
    case 'rate-limited':
      return `Too many requests (${response}). ${waitOf(problem)}`;
    case 'not-found':
      return `The server does not have this (${response}).`;
    case 'server-error':
      return `Hugging Face failed (${response}). Its status page is https://status.huggingface.co.`;
    case 'redirected':
    case 'not-json':
      return `Another server than Hugging Face answered (${problem.message}), such as a network's sign-in page or a proxy.`;
    case 'dns':
      return `The server's name can't be resolved${coded(problem)}. The network is down, or needs a proxy.`;
    case 'unreachable':
      return `The server can't be reached${coded(problem)}. The network is down, or needs a proxy.`;
    case 'tls':
      return `The server's certificate is not trusted${coded(problem)}. If your network inspects TLS, set NODE_EXTRA_CA_CERTS to its certificate.`;
    default:
      return sentence(problem.message);
  }
}

/** `403: Forbidden`. */
function responseWords({ status, words }: Problem): string {
  return [status, words?.replace(/[.\s]+$/, '')].filter(Boolean).join(': ') || 'without a reason';
}

function coded({ code }: Problem): string {
  return code === undefined ? '' : ` (${code})`;
}

function waitOf({ retryAt }: Problem): string {
  const end = iso(retryAt);
  return end === null ? 'The server gave no end time.' : `It ends at ${end}.`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
