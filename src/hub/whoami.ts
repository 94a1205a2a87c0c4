import * as v from 'valibot';
import type { Account, Organization, OrganizationRole, TokenInfo } from '../limits/account.ts';
import type { Plan } from '../limits/plans.ts';
import type { Http } from './http.ts';
import { check, fromIsoTime, maybe } from './schema.ts';
import type { Servers } from './servers.ts';

/**
 * `GET /api/whoami-v2`. HF limits it strictly by IP address: at most once in 12 h per token, never on a timer.
 * @throws HubError
 */
export async function whoami(
  http: Http,
  servers: Servers,
  token: string,
  signal?: AbortSignal,
): Promise<Account> {
  const body = await http.getJson(`${servers.hubUrl}/api/whoami-v2`, { token, signal, timeoutMs: 5_000 });
  return parseWhoami(body);
}

/** @throws HubError `format-changed` */
export function parseWhoami(body: unknown): Account {
  const answer = check(whoamiSchema, body);
  return {
    id: answer.id,
    name: answer.name,
    type: answer.type,
    plan: planOf(answer),
    canPay: answer.canPay,
    billingMode: answer.billingMode,
    organizations: (answer.orgs ?? []).map(toOrganization),
    token: toTokenInfo(answer.auth),
  };
}

const roles: readonly string[] = ['admin', 'write', 'contributor', 'read', 'no_access'];

const organizationSchema = v.object({
  id: v.string(),
  name: v.string(),
  plan: maybe(v.string()),
  isEnterprise: maybe(v.boolean()),
  canPay: maybe(v.boolean()),
  roleInOrg: maybe(v.string()),
  securityRestrictions: maybe(v.array(v.string())),
  resourceGroups: maybe(v.array(v.object({ id: v.string(), name: v.string(), role: maybe(v.string()) }))),
});

const permissionsSchema = v.object({
  global: maybe(v.array(v.string())),
  scoped: maybe(
    v.array(
      v.object({
        entity: v.object({ _id: v.string(), type: v.string(), name: maybe(v.string()) }),
        permissions: v.array(v.string()),
      }),
    ),
  ),
});

const authSchema = v.object({
  accessToken: maybe(
    v.object({
      displayName: maybe(v.string()),
      role: maybe(v.string()),
      fineGrained: maybe(permissionsSchema),
    }),
  ),
  expiresAt: maybe(fromIsoTime),
});

const whoamiSchema = v.object({
  type: v.picklist(['user', 'org', 'app']),
  id: v.string(),
  name: v.string(),
  isPro: maybe(v.boolean()),
  plan: maybe(v.string()),
  isEnterprise: maybe(v.boolean()),
  canPay: maybe(v.boolean()),
  // A mode that HF may add is not known to us, and nothing hangs on it.
  billingMode: v.fallback(maybe(v.picklist(['prepaid', 'postpaid'])), undefined),
  orgs: maybe(v.array(organizationSchema)),
  auth: maybe(authSchema),
});

type Answer = v.InferOutput<typeof whoamiSchema>;

function planOf(answer: Answer): Plan {
  if (answer.type === 'org') return organizationPlan(answer);
  if (answer.type === 'app' || answer.isPro === undefined) return 'unknown';
  return answer.isPro ? 'pro' : 'free';
}

/** HF leaves `plan` out for a free organization. */
function organizationPlan({ plan, isEnterprise }: { plan?: string; isEnterprise?: boolean }): Plan {
  if (plan === undefined) return isEnterprise ? 'enterprise' : 'free';
  switch (plan.toLowerCase().replace(/[\s_]+/g, '-')) {
    case 'free':
      return 'free';
    case 'team':
      return 'team';
    case 'academia':
    case 'academia-hub':
      return 'academia';
    case 'enterprise':
      return 'enterprise';
    case 'enterprise-plus':
      return 'enterprise-plus';
    default:
      return 'unknown';
  }
}

function toOrganization(org: v.InferOutput<typeof organizationSchema>): Organization {
  return {
    id: org.id,
    name: org.name,
    plan: organizationPlan(org),
    role: isRole(org.roleInOrg) ? org.roleInOrg : undefined,
    canPay: org.canPay,
    securityRestrictions: org.securityRestrictions ?? [],
    resourceGroups: org.resourceGroups ?? [],
  };
}

function isRole(role: string | undefined): role is OrganizationRole {
  return role !== undefined && roles.includes(role);
}

function toTokenInfo(auth: v.InferOutput<typeof authSchema> | undefined): TokenInfo {
  const { displayName, role, fineGrained } = auth?.accessToken ?? {};
  const scoped = (fineGrained?.scoped ?? []).flatMap(({ entity, permissions }) =>
    permissions.map(name => ({ name, entity: { type: entity.type, id: entity._id, name: entity.name } })),
  );
  return {
    displayName,
    role: role === 'read' || role === 'write' || role === 'fineGrained' ? role : 'other',
    permissions: [...(fineGrained?.global ?? []).map(name => ({ name })), ...scoped],
    expiresAt: auth?.expiresAt,
  };
}
