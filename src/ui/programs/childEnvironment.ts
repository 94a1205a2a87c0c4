const ofTheEditor = /^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_V8_COVERAGE$)/i;
const ours = /^HEADROOM_/i;
const secrets = /TOKEN|SECRET|PASSW|KEY|CREDENTIAL/i;
/** They may hold a password, and which of them counts is decided by the editor's settings. */
const proxies = /_PROXY$/i;

/**
 * What of our environment a process of ours gets, to run on the editor's own Node: no secret, which it could show or
 * hand on, and nothing that decides where it looks for one.
 */
export function childEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || [ofTheEditor, ours, secrets, proxies].some(kind => kind.test(name))
      ? []
      : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}
