/** Node's own change the code that runs (NODE_OPTIONS), accept any certificate, or print headers (NODE_DEBUG). */
const editorVariables = /^(VSCODE_|ELECTRON_|NODE_(?!EXTRA_CA_CERTS$)|OPENSSL_CONF$|SSLKEYLOGFILE$)/i;
const ownVariables = /^HEADROOM_/i;
const secrets = /TOKEN|SECRET|PASSW|KEY|CREDENTIAL/i;
/** A proxy URL may hold a password; the gateway gets the proxy of VS Code's settings over IPC. */
const proxies = /_PROXY$/i;

/**
 * Environment of a child process that runs on VS Code's own Node: without secrets, and without variables that
 * would change what it runs or where it connects.
 */
export function childEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || [editorVariables, ownVariables, secrets, proxies].some(kind => kind.test(name))
      ? []
      : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}
