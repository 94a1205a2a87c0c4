/** The ids that `package.json` contributes. A test compares both. */
export const commands = {
  signIn: 'headroom.signIn',
  makeToken: 'headroom.makeToken',
  signOut: 'headroom.signOut',
  switchAccount: 'headroom.switchAccount',
  refresh: 'headroom.refresh',
  showLimits: 'headroom.showLimits',
  showActions: 'headroom.showActions',
  openRow: 'headroom.openRow',
  copyValue: 'headroom.copyValue',
  openPage: 'headroom.openPage',
  openBilling: 'headroom.openBilling',
  showDashboard: 'headroom.showDashboard',
  showLog: 'headroom.showLog',
  setBudget: 'headroom.setBudget',
  continueOnce: 'headroom.continueOnce',
  continueToday: 'headroom.continueToday',
  pauseAgain: 'headroom.pauseAgain',
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
  helpWithRefusal: 'headroom.helpWithRefusal',
  filterRefusals: 'headroom.filterRefusals',
  showAllRefusals: 'headroom.showAllRefusals',
  explainText: 'headroom.explainText',
  clearRefusals: 'headroom.clearRefusals',
  releaseHeld: 'headroom.releaseHeld',
  cancelHeld: 'headroom.cancelHeld',
  pauseEndpoint: 'headroom.pauseEndpoint',
  resumeEndpoint: 'headroom.resumeEndpoint',
  scaleEndpointToZero: 'headroom.scaleEndpointToZero',
  openEndpoint: 'headroom.openEndpoint',
  openEndpointLogs: 'headroom.openEndpointLogs',
  copyEndpointUrl: 'headroom.copyEndpointUrl',
  copyEndpointSnippet: 'headroom.copyEndpointSnippet',
  askForMore: 'headroom.askForMore',
} as const;

export const viewContainer = 'headroom';

export const views = {
  limits: 'headroom.limits',
} as const;

/** VS Code adds this command for the view. */
export const focusLimits = `${views.limits}.focus` as const;

/** The type of the dashboard's webview panel. */
export const dashboardView = 'headroom.dashboard';

/** VS Code's command; its argument is a search text. */
export const openSettings = 'workbench.action.openSettings';
export const settingsPrefix = 'headroom';

/** The URI scheme of refusal documents. */
export const refusalScheme = 'headroom-refusal';

export const settings = {
  /** `auto`, `left`, `used` or `icon`. */
  statusBarShow: 'headroom.statusBar.show',
  /** USD, or null for none. */
  monthlyBudget: 'headroom.monthlyBudget',
  /** Booleans: the variables of terminals, tasks and debug sessions. */
  environmentOpenai: 'headroom.environment.openai',
  environmentAnthropic: 'headroom.environment.anthropic',
  environmentHuggingface: 'headroom.environment.huggingface',
  /** Profiles as text, in their order. */
  failover: 'headroom.billing.failover',
  /** A profile as text, suggested by a workspace; used only after the user agrees. */
  suggestedBilling: 'headroom.billing.suggested',
  /** Seconds. */
  longestWait: 'headroom.gateway.longestWaitSeconds',
  /** `pace` or `observe`. */
  pacing: 'headroom.gateway.pacing',
  /** Booleans: other places where Headroom looks for refusals. */
  watchTerminal: 'headroom.watch.terminal',
  watchDebugConsole: 'headroom.watch.debugConsole',
  watchNotebooks: 'headroom.watch.notebooks',
  watchExtensionHost: 'headroom.watch.extensionHost',
  /** A boolean: notifications about blocked work. */
  noticesBlocked: 'headroom.notices.blocked',
  /** Ids of limits without notices. */
  mutedLimits: 'headroom.notices.mutedLimits',
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
  /** The tree lists only some refusals. */
  refusalsFiltered: 'headroom.refusalsFiltered',
  /** There are refusals to open, filter or clear. */
  hasRefusals: 'headroom.hasRefusals',
  /** There are Inference Endpoints. */
  hasEndpoints: 'headroom.hasEndpoints',
  /** The active tab is a refusal's document. */
  refusalTab: 'headroom.refusalTab',
  /** The gateway holds requests. */
  held: 'headroom.held',
  /** A budget is used up: `paused`, or `continues` while a person lets billing go on. */
  budget: 'headroom.budget',
} as const;

/** Values of `TreeItem.contextValue`, for `when` clauses; with `.page` after them for rows with a page. */
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
  budget: 'budget',
  pausedBudget: 'pausedBudget',
  continuedBudget: 'continuedBudget',
} as const;

/** What a row's commands can do, in its `contextValue`, each after a point. */
export const rowAbilities = {
  pause: 'pause',
  resume: 'resume',
  scaleToZero: 'scaleToZero',
  /** The endpoint has a URL. */
  call: 'call',
  /** Ask Hugging Face for more. */
  ask: 'ask',
} as const;

export type RowAbility = (typeof rowAbilities)[keyof typeof rowAbilities];
export type CommandId = (typeof commands)[keyof typeof commands];
export type RowKind = (typeof rowKinds)[keyof typeof rowKinds];

/** Commands for links in hovers and tooltips: `MarkdownString.isTrusted.enabledCommands`. */
export const linkableCommands: readonly string[] = [
  commands.signIn,
  commands.makeToken,
  commands.refresh,
  commands.openPage,
  commands.openBilling,
  commands.switchBilling,
  commands.setBudget,
  commands.continueOnce,
  commands.continueToday,
  commands.pauseAgain,
  commands.useProviderKey,
  commands.newTerminal,
  commands.openRefusal,
  commands.releaseHeld,
  commands.cancelHeld,
  commands.askForMore,
  commands.showLog,
  commands.showDashboard,
  focusLimits,
  openSettings,
];
