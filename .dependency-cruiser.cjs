// The rooms of the house (docs/architecture.md): what each may import, types included.
const rooms = {
  limits: [],
  hub: ['limits'],
  ledger: ['limits'],
  account: ['hub', 'ledger', 'limits'],
  billing: ['hub', 'limits'],
  gateway: ['billing', 'hub', 'ledger', 'limits'],
  watch: ['limits'],
  view: ['account', 'billing', 'gateway', 'hub', 'ledger', 'limits', 'watch'],
  ui: ['account', 'billing', 'gateway', 'hub', 'ledger', 'limits', 'view', 'watch'],
  page: ['limits', 'view'],
  cli: ['account', 'billing', 'gateway', 'hub', 'ledger', 'limits', 'view', 'watch'],
};

const only = (name, users, used) => ({
  name,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(?:${users.join('|')})(?:/|[.]ts$)` },
  to: { path: used },
});
const pure = room => ({
  name: `${room}-is-pure`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { dependencyTypes: ['core'] },
});

module.exports = {
  forbidden: [
    { name: 'circle', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, below]) => ({
      name: `${room}-imports`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(?:${[room, ...below].join('|')})/` },
    })),
    only('vscode', ['ui', 'watch', 'extension'], '^vscode$'),
    only('undici', ['hub', 'gateway'], '^(?:node_modules/)?undici'),
    pure('limits'),
    pure('view'),
    pure('page'),
    only('preact', ['page'], '^(?:node_modules/)?preact'),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.cjs', '.json'] },
  },
};
