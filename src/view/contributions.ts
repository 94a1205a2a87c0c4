/** Every id that `package.json` contributes, written once. A test holds the manifest to them. */
export const commands = {
  signIn: 'headroom.signIn',
  signOut: 'headroom.signOut',
  switchAccount: 'headroom.switchAccount',
  refresh: 'headroom.refresh',
  showLimits: 'headroom.showLimits',
  showActions: 'headroom.showActions',
  openRow: 'headroom.openRow',
  copyValue: 'headroom.copyValue',
  openPage: 'headroom.openPage',
  openBilling: 'headroom.openBilling',
  showLog: 'headroom.showLog',
  setBudget: 'headroom.setBudget',
  switchBilling: 'headroom.switchBilling',
  billOrganization: 'headroom.billOrganization',
  useProviderKey: 'headroom.useProviderKey',
  useHuggingFaceBilling: 'headroom.useHuggingFaceBilling',
  manageProviderKeys: 'headroom.manageProviderKeys',
  verifyBilling: 'headroom.verifyBilling',
  copySnippet: 'headroom.copySnippet',
  newTerminal: 'headroom.newTerminal',
  copyNotebookCell: 'headroom.copyNotebookCell',
  restartGateway: 'headroom.restartGateway',
  openRefusal: 'headroom.openRefusal',
  copyRefusal: 'headroom.copyRefusal',
  filterRefusals: 'headroom.filterRefusals',
  showAllRefusals: 'headroom.showAllRefusals',
  clearRefusals: 'headroom.clearRefusals',
  releaseHeld: 'headroom.releaseHeld',
  cancelHeld: 'headroom.cancelHeld',
} as const;

export const viewContainer = 'headroom';

export const views = {
  limits: 'headroom.limits',
} as const;

/** VS Code makes this command for the view. */
export const focusLimits = `${views.limits}.focus` as const;

/** VS Code's own command; its argument is what to search for. */
export const openSettings = 'workbench.action.openSettings';
export const settingsPrefix = 'headroom';

/** Of the read-only documents that tell of one refusal. */
export const refusalScheme = 'headroom-refusal';

export const settings = {
  /** `auto`, `left`, `used` or `icon`. */
  statusBarShow: 'headroom.statusBar.show',
  /** USD, or null for none. */
  monthlyBudget: 'headroom.monthlyBudget',
  /** Booleans: which variables terminals, tasks and debug sessions get. */
  environmentOpenai: 'headroom.environment.openai',
  environmentAnthropic: 'headroom.environment.anthropic',
  environmentHuggingface: 'headroom.environment.huggingface',
  /** Texts of billing profiles, the first one first. */
  failover: 'headroom.billing.failover',
  /** The text of a billing profile that a workspace suggests; never obeyed without an answer. */
  suggestedBilling: 'headroom.billing.suggested',
  /** Seconds. */
  longestWait: 'headroom.gateway.longestWaitSeconds',
  /** `pace` or `observe`. */
  pacing: 'headroom.gateway.pacing',
  /** Booleans: where refusals are looked for beside Headroom's own calls and the gateway. */
  watchTerminal: 'headroom.watch.terminal',
  watchDebugConsole: 'headroom.watch.debugConsole',
  watchNotebooks: 'headroom.watch.notebooks',
  watchExtensionHost: 'headroom.watch.extensionHost',
  /** A boolean: whether blocked work is told of unasked. */
  noticesBlocked: 'headroom.notices.blocked',
  hubUrl: 'headroom.hubUrl',
  routerUrl: 'headroom.routerUrl',
  endpointsUrl: 'headroom.endpointsUrl',
  /** Base URL by provider. */
  providerUrls: 'headroom.providerUrls',
} as const;

export const contextKeys = {
  /** One of `WelcomeState`. */
  welcome: 'headroom.welcome',
  signedIn: 'headroom.signedIn',
  /** Whether only some refusals are listed. */
  refusalsFiltered: 'headroom.refusalsFiltered',
  /** Whether requests wait in the gateway. */
  held: 'headroom.held',
} as const;

/** Values of a tree row's `contextValue`, for `when` clauses of inline actions. A row with a page also carries `.page`. */
export const rowKinds = {
  section: 'section',
  value: 'value',
  unknown: 'unknown',
  problem: 'problem',
  endpoint: 'endpoint',
  refusal: 'refusal',
  refusals: 'refusals',
  filteredRefusals: 'filteredRefusals',
  refusalFilter: 'refusalFilter',
  payer: 'payer',
  held: 'held',
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];
export type RowKind = (typeof rowKinds)[keyof typeof rowKinds];

/** What a link in a hover or tooltip may run: the value of `MarkdownString.isTrusted.enabledCommands`. */
export const linkableCommands: readonly string[] = [
  commands.signIn,
  commands.refresh,
  commands.openPage,
  commands.openBilling,
  commands.switchBilling,
  commands.useProviderKey,
  commands.releaseHeld,
  commands.cancelHeld,
  commands.showLog,
  focusLimits,
  openSettings,
];
