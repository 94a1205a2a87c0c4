import { repos } from './catalogue.ts';
import {
  classicToken,
  fineGrainedToken,
  freeOrg,
  freeUser,
  paidOrg,
  proUser,
  seatZeroGpu,
} from './scenarioAccounts.ts';
import { endpoints } from './scenarioEndpoints.ts';
import { providerStates } from './scenarioProviders.ts';
import type { PaidPlan, State, StatePatch } from './state.ts';

/** The tokens of every scenario. No real token has underscores and words like these. */
export const tokens = {
  ada: 'hf_emulator_pro_ada',
  adaRead: 'hf_emulator_read_ada',
  adaFineGrained: 'hf_emulator_fine_ada',
  adaNoBilling: 'hf_emulator_no_billing_ada',
  adaNothing: 'hf_emulator_no_permission_ada',
  adaOrgOnly: 'hf_emulator_org_scoped_ada',
  adaExpired: 'hf_emulator_expired_ada',
  bob: 'hf_emulator_free_bob',
  eve: 'hf_emulator_member_eve',
  acme: 'hf_emulator_org_acme',
} as const;

/** The state that every scenario starts from: ada (PRO, admin of acme), bob (free), eve (member of acme). */
function base(now: number): State {
  const ada = proUser('650000000000000000000001', 'Ada L');
  const acme = paidOrg('650000000000000000000002', 'Acme', 'team', 5);
  return {
    scenario: 'pro',
    token: tokens.ada,
    users: {
      ada: { ...ada, blockedPastWeek: 3 },
      bob: freeUser('650000000000000000000003', 'Bob F'),
      eve: {
        ...freeUser('650000000000000000000004', 'Eve M'),
        hubTier: 'team',
        zeroGpu: seatZeroGpu('team'),
      },
    },
    orgs: {
      acme: {
        ...acme,
        members: { ada: { role: 'admin' }, eve: { role: 'read' } },
        resourceGroups: [
          {
            id: '66c0000000000000000000a1',
            name: 'research',
            members: { ada: 'admin' },
            spendLimitCents: 5000,
          },
          { id: '66c0000000000000000000a2', name: 'production', members: { eve: 'write' } },
        ],
      },
      freebies: {
        ...freeOrg('650000000000000000000005', 'Freebies'),
        members: { ada: { role: 'write' }, bob: { role: 'admin' } },
      },
      'locked-down': {
        ...paidOrg('650000000000000000000006', 'Locked Down Inc', 'enterprise', 40),
        members: { ada: { role: 'write', securityRestrictions: ['sso'] } },
      },
      strangers: paidOrg('650000000000000000000007', 'Strangers', 'team', 3),
    },
    tokens: {
      [tokens.ada]: classicToken('ada', 'write'),
      [tokens.adaRead]: classicToken('ada', 'read', 'read only'),
      [tokens.adaFineGrained]: fineGrainedToken('ada', {
        ada: [
          'inference.serverless.write',
          'user.billing.read',
          'inference.endpoints.write',
          'repo.content.read',
          'repo.write',
        ],
        acme: ['inference.serverless.write', 'inference.endpoints.write', 'org.read'],
      }),
      [tokens.adaNoBilling]: fineGrainedToken('ada', { ada: ['inference.serverless.write'] }, 'no billing'),
      [tokens.adaNothing]: fineGrainedToken('ada', {}, 'nothing ticked'),
      [tokens.adaOrgOnly]: fineGrainedToken('ada', { acme: ['inference.serverless.write'] }, 'for acme'),
      [tokens.adaExpired]: { ...classicToken('ada', 'write', 'expired'), expiresAt: now - 24 * 3_600_000 },
      [tokens.bob]: classicToken('bob', 'write'),
      [tokens.eve]: classicToken('eve', 'read'),
      [tokens.acme]: classicToken('acme', 'write', 'acme CI'),
    },
    endpoints: endpoints(now),
    repos: repos(),
    providers: providerStates(),
    live: { intervalMs: 10_000, firstParts: ['inference', 'zeroGpu'], silent: false },
    whoami: { limit: 50 },
    limits: {},
    windowSeconds: 300,
    actions: { commitsPerHour: 128, spacesPerDay: 20 },
    router: { placeholderNanoUsd: 10_000_000, settleSeconds: 60, chunkDelayMs: 0, words: '2026' },
    compress: false,
    mappingForm: 'map',
  };
}

const adaSpent: StatePatch = {
  credits: {
    spent: { novita: { nanoUsd: 800_000_000, requests: 350 }, groq: { nanoUsd: 220_000_000, requests: 62 } },
  },
  jobsDone: [{ flavor: 'l4x1', minutes: 31 }],
  zeroGpu: { usedSeconds: 1500, firstUseSecondsAgo: 5 * 3600 },
};
const acmeSpent: StatePatch = {
  credits: {
    spent: {
      together: { nanoUsd: 4_310_000_000, requests: 1804 },
      cerebras: { nanoUsd: 1_120_000_000, requests: 240 },
    },
  },
  jobsDone: [{ flavor: 'a100-large', minutes: 94 }],
};
const bobFree: StatePatch = {
  token: tokens.bob,
  users: {
    bob: {
      credits: { spent: { novita: { nanoUsd: 40_000_000, requests: 21 } } },
      zeroGpu: { usedSeconds: 86.6, firstUseSecondsAgo: 3600, runs: { used: 2 } },
    },
  },
};

/** A member of a paying organization without a PRO subscription. */
function seat(hubTier: PaidPlan): StatePatch {
  const credits = {
    includedNanoUsd: 100_000_000,
    limitNanoUsd: 100_000_000,
    spent: { novita: { nanoUsd: 30_000_000, requests: 12 } },
  };
  const { baseSeconds } = seatZeroGpu(hubTier);
  return { isPro: false, periodEnd: null, hubTier, credits, zeroGpu: { baseSeconds } };
}

/** Each scenario's changes to the base state; `windows` are requests already made in this window. */
const scenarios: Record<string, StatePatch> = {
  pro: { windows: { api: 212, resolvers: 11_990, pages: 31, media: 120, search: 14 } },
  free: bobFree,
  team: { users: { ada: seat('team') }, orgs: { acme: { members: { ada: { role: 'write' } } } } },
  enterprise: {
    users: { ada: seat('enterprise') },
    orgs: {
      acme: {
        plan: 'enterprise',
        credits: { includedNanoUsd: 100_000_000_000, limitNanoUsd: 200_000_000_000 },
      },
    },
  },
  'org-admin': { token: tokens.ada, orgs: { acme: { members: { ada: { role: 'admin' } } } } },
  'org-member': { token: tokens.eve },
  'org-token': { token: tokens.acme },
  anonymous: { token: null },
  'fine-grained': { token: tokens.adaFineGrained },
  'low-credits': {
    users: { ada: { credits: { spent: { novita: { nanoUsd: 1_910_000_000, requests: 940 } } } } },
  },
  exhausted: {
    ...bobFree,
    users: { bob: { credits: { spent: { novita: { nanoUsd: 98_700_000, requests: 80 } } } } },
  },
  'exhausted-pro': {
    users: { ada: { credits: { spent: { novita: { nanoUsd: 1_995_000_000, requests: 1003 } } } } },
  },
  unsettled: {
    ...bobFree,
    users: {
      bob: {
        credits: {
          spent: { novita: { nanoUsd: 2_400_000, requests: 3 } },
          pending: { count: 9, provider: 'novita', settleAfterSeconds: 120, costNanoUsd: 130_000 },
        },
      },
    },
  },
  'resolvers-nearly-full': { windows: { resolvers: 11_990 } },
  'api-full': { windows: { api: 2500 } },
  'no-billing-permission': { token: tokens.adaNoBilling },
  'no-permission': { token: tokens.adaNothing },
  'org-scoped': { token: tokens.adaOrgOnly },
  'expired-token': { token: tokens.adaExpired },
};

export const scenarioNames = Object.keys(scenarios);

/** The named scenario: base state and the patches to apply to it, in order. Throws on an unknown name. */
export function scenario(name: string, now: number): { base: State; patches: StatePatch[] } {
  const changes = scenarios[name];
  if (!changes) throw new Error(`Unknown scenario "${name}". Known: ${scenarioNames.join(', ')}`);
  const common: StatePatch = { users: { ada: adaSpent }, orgs: { acme: acmeSpent } };
  return { base: { ...base(now), scenario: name }, patches: [common, changes] };
}
