import * as v from 'valibot';
import type { Account, Organization, TokenInfo } from '../limits/account/account.ts';
import { type Plan, planOfOrganization, planOfUser } from '../limits/account/plans.ts';
import type { HubAccess } from './http.ts';
import type { HubError } from './hubError.ts';
import { anyObject, check, collect, maybe, readItems } from './schema.ts';

/** The account, and an error for each field that could not be read and is left out. */
export interface Introduction {
  readonly account: Account;
  readonly problems: readonly HubError[];
}

/**
 * `GET /api/whoami-v2`. HF limits it strictly by IP address: at most once in 12 h per token, never on a
 * timer.
 * @throws HubError
 */
export async function whoami({ http, servers, token, signal }: HubAccess): Promise<Introduction> {
  const url = `${servers.hubUrl}/api/whoami-v2`;
  return parseWhoami(await http.getJson(url, { token, signal, timeoutMs: 5_000 }));
}

/** @throws HubError `format-changed` without a name; everything else may be missing */
export function parseWhoami(body: unknown): Introduction {
  const { id, name, type } = check(identitySchema, body);
  const answer = new Fields(check(anyObject, body));
  const plan =
    type === 'org' ? organizationPlan(answer) : planOfUser({ isPro: answer.read('isPro', v.boolean()) });
  const account = {
    id,
    name,
    type,
    plan,
    canPay: answer.read('canPay', v.boolean()),
    organizations: answer.inners('orgs', namedSchema).map(toOrganization),
    token: toTokenInfo(answer.inner('auth')),
  };
  return { account, problems: answer.problems };
}

const identitySchema = v.object({
  id: maybe(v.string()),
  name: v.string(),
  // A new type is shown like a user: nothing else depends on it.
  type: v.fallback(v.picklist(['user', 'org', 'app']), 'user'),
});

// A role that HF may add reads as undefined: nothing depends on it.
const roleSchema = v.fallback(
  maybe(v.picklist(['admin', 'write', 'contributor', 'read', 'no_access'])),
  undefined,
);

/** Every request about an organization needs its name. */
const namedSchema = v.looseObject({ name: v.string() });

const resourceGroupSchema = v.object({ id: v.string(), name: v.string(), role: maybe(v.string()) });

const scopeSchema = v.object({
  entity: v.object({ _id: maybe(v.string()), type: v.string(), name: maybe(v.string()) }),
  permissions: v.array(v.string()),
});

/** One object of the response, field by field: an unreadable one is a problem, and hides no other. */
class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly problems: HubError[];

  constructor(fields: Readonly<Record<string, unknown>>, path = '', problems: HubError[] = []) {
    this.#fields = fields;
    this.#path = path;
    this.problems = problems;
  }

  read<S extends v.GenericSchema>(key: string, schema: S): v.InferOutput<S> | undefined {
    const value = this.#fields[key] ?? undefined;
    return value === undefined
      ? undefined
      : collect(this.problems, () => check(schema, value, this.#pathOf(key)));
  }

  /** The object of a field; empty when there is none. */
  inner(key: string): Fields {
    return new Fields(this.read(key, anyObject) ?? {}, this.#pathOf(key), this.problems);
  }

  /** The readable items of a list. */
  list<S extends v.GenericSchema>(key: string, schema: S): v.InferOutput<S>[] {
    return this.#entries(key, schema).map(({ item }) => item);
  }

  inners(key: string, schema: v.GenericSchema<unknown, Record<string, unknown>>): Fields[] {
    return this.#entries(key, schema).map(({ item, path }) => new Fields(item, path, this.problems));
  }

  #entries<S extends v.GenericSchema>(key: string, schema: S) {
    const list = this.read(key, v.array(v.unknown())) ?? [];
    return [...readItems(this.problems, schema, list, this.#pathOf(key))];
  }

  #pathOf(key: string): string {
    return this.#path ? `${this.#path}.${key}` : key;
  }
}

/** Unknown when the plan can't be read: a missing one means free. */
function organizationPlan(fields: Fields): Plan {
  const problemsBefore = fields.problems.length;
  const plan = fields.read('plan', v.string());
  const isEnterprise = fields.read('isEnterprise', v.boolean());
  if (plan === undefined && fields.problems.length > problemsBefore) return 'unknown';
  return planOfOrganization({ plan, isEnterprise });
}

function toOrganization(fields: Fields): Organization {
  return {
    id: fields.read('id', v.string()),
    name: fields.read('name', v.string()) ?? '',
    plan: organizationPlan(fields),
    role: fields.read('roleInOrg', roleSchema),
    canPay: fields.read('canPay', v.boolean()),
    securityRestrictions: fields.list('securityRestrictions', v.string()),
    resourceGroups: fields.list('resourceGroups', resourceGroupSchema),
  };
}

function toTokenInfo(auth: Fields): TokenInfo {
  const token = auth.inner('accessToken');
  const fineGrained = token.inner('fineGrained');
  const role = token.read('role', v.string());
  const scoped = fineGrained
    .list('scoped', scopeSchema)
    .flatMap(({ entity: { _id: id, type, name: of }, permissions }) =>
      permissions.map(name => ({ name, entity: { type, id, name: of } })),
    );
  return {
    role: role === 'read' || role === 'write' || role === 'fineGrained' ? role : 'other',
    permissions: [...fineGrained.list('global', v.string()).map(name => ({ name })), ...scoped],
  };
}
