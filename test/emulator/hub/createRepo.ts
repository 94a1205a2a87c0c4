import { iso } from '../clock.ts';
import { gitAttributes } from '../gitAttributes.ts';
import { type Exchange, jsonBody } from '../http/exchange.ts';
import { type Account, invalidCredentials, isAccount } from '../identity.ts';
import { isObject } from '../patch.ts';
import type { GitFile, Repo, State } from '../state.ts';
import { gitFileOf } from './gitObjects.ts';
import { recordCommit } from './history.ts';
import { refuseAction } from './rateLimits.ts';
import { canWrite } from './repoAccess.ts';
import { sha } from './repos.ts';

const sdks = ['gradio', 'docker', 'static', 'streamlit'];
const freeZeroGpuSpaces = 2;

/** POST /api/repos/create: limited to 20 Spaces per day, and by the plan of the owner. */
export function createRepo(exchange: Exchange) {
  const { world, identity, reply } = exchange;
  if (!isAccount(identity)) return reply.error(401, invalidCredentials);
  const json = jsonBody(exchange);
  const body = isObject(json) ? json : {};
  const owner = typeof body.organization === 'string' ? body.organization : identity.name;
  const type = (['model', 'dataset', 'space'] as const).find(each => each === (body.type ?? 'model'));
  if (!type || typeof body.name !== 'string' || !/^[\w.-]{1,96}$/.test(body.name))
    return reply.error(400, '✖ Invalid input: expected a type and a name of A-Z, a-z, 0-9, -, _ and .');
  const key = `${type === 'model' ? '' : `${type}s/`}${owner}/${body.name}`;
  if (!canWrite(exchange, key))
    return reply.error(403, "You don't have the rights to create a repository under this namespace");
  const url = `${world.hubAddress}/${key}`;
  // huggingface_hub reads `url` with `exist_ok` (hf_api.py, create_repo)
  if (world.state.repos[key])
    return reply.error(409, `You already created this ${type} repo`, undefined, {}, { url });
  if (type === 'space' && isRefusedSpace(exchange, identity, owner, body)) return;
  const repo = newRepo(exchange, type, body);
  world.state.repos[key] = repo;
  recordCommit(repo, { title: 'initial commit', author: identity.name, at: world.clock.reportedNow() });
  reply.json(200, { url, name: `${owner}/${body.name}`, id: sha(key).slice(0, 24) });
}

function newRepo({ world }: Exchange, type: Repo['type'], body: Record<string, unknown>): Repo {
  return {
    type,
    // `visibility` since huggingface_hub 1.x, `private` before
    private: body.private === true || body.visibility === 'private',
    gated: false,
    downloads: 0,
    likes: 0,
    ...(typeof body.sdk === 'string' && { sdk: body.sdk }),
    ...(typeof body.hardware === 'string' && { hardware: body.hardware }),
    lastModified: iso(world.clock.reportedNow()),
    files: { '.gitattributes': gitAttributes, ...firstFiles(body.files) },
    lfs: {},
  };
}

/** Files that @huggingface/hub sends along. */
function firstFiles(files: unknown): Record<string, GitFile> {
  const all = Array.isArray(files) ? files.filter(isObject) : [];
  return Object.fromEntries(
    all.map(({ path, content }) => [String(path), gitFileOf(Buffer.from(String(content), 'base64'))]),
  );
}

/** Sends the refusal of a Space: no SDK, the owner's plan, or the day's limit. */
function isRefusedSpace(
  { world, reply }: Exchange,
  identity: Account,
  owner: string,
  { sdk, hardware }: Record<string, unknown>,
): boolean {
  if (!sdks.some(each => each === sdk)) {
    reply.error(400, '✖ Invalid input: expected one of gradio, docker, static, streamlit\n  → at sdk');
    return true;
  }
  // HF-API.md, section 15, plan gates
  if (sdk !== 'static' && !hostsSpaces(world.state, owner) && !isFreeZeroGpu(world.state, owner, hardware)) {
    reply.error(
      402,
      'Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO subscription. Subscribe at https://huggingface.co/pro',
    );
    return true;
  }
  const { spacesPerDay } = world.state.actions;
  if (world.windows.take(`spaces|${identity.name}`, spacesPerDay, world.clock.now(), 1, 86_400)) return false;
  refuseAction(world, reply, 'space creation', spacesPerDay, 86_400);
  return true;
}

/** PRO, Team, Enterprise, or a member of such an organization. */
function hostsSpaces({ users, orgs }: State, owner: string): boolean {
  return orgs[owner] ? orgs[owner].plan !== undefined : users[owner]?.hubTier !== 'free';
}

function isFreeZeroGpu({ repos }: State, owner: string, hardware: unknown): boolean {
  const hosted = Object.entries(repos).filter(
    ([key, repo]) => key.startsWith(`spaces/${owner}/`) && repo.hardware === 'zero-a10g',
  );
  return hardware === 'zero-a10g' && hosted.length < freeZeroGpuSpaces;
}
