import { models } from '../catalogue.ts';
import { type Exchange, type Route, route } from '../http/exchange.ts';
import type { Repo } from '../state.ts';
import { taskModels } from '../taskModels.ts';
import type { World } from '../world.ts';
import { blobObjects, commitAt, headOf } from './history.ts';
import { oidOf } from './lfsPointer.ts';
import { revisionNotFound } from './notFound.ts';
import { sendPage } from './pagination.ts';
import { canRead, onRepo } from './repoAccess.ts';
import { repoId, repoKinds, sha } from './repos.ts';

export const listingRoutes: readonly Route[] = [
  route('GET', '/api/models', exchange => list(exchange, 'model')),
  route('GET', '/api/datasets', exchange => list(exchange, 'dataset')),
  route('GET', '/api/spaces', exchange => list(exchange, 'space')),
  route('GET', '/api/quicksearch', quickSearch),
  ...repoKinds.flatMap(([plural, prefix]) => [
    route('GET', `/api/${plural}/{owner}/{name}`, onRepo(prefix, show)),
    route('GET', `/api/${plural}/{owner}/{name}/revision/{revision}`, onRepo(prefix, show)),
  ]),
  route('GET', '/api/partners/{provider}/models', partnerModels),
];

/** GET /api/models, /api/datasets, /api/spaces: filtered and in pages. */
function list(exchange: Exchange, type: Repo['type']) {
  const { world, query, reply, path } = exchange;
  const [author, search, task] = [
    query.get('author'),
    query.get('search')?.toLowerCase(),
    query.get('pipeline_tag'),
  ];
  const provider = query.get('inference_provider');
  const all = Object.entries(world.state.repos).filter(([key, repo]) => {
    const id = repoId(key);
    const offers = mappingOf(id).filter(({ status }) => status === 'live');
    return (
      repo.type === type &&
      canRead(exchange, key) &&
      (!author || id.startsWith(`${author}/`)) &&
      (!search || id.toLowerCase().includes(search)) &&
      (!task || repo.task === task) &&
      (!provider ||
        (provider === 'all'
          ? offers.length > 0
          : offers.some(offer => provider.split(',').includes(offer.provider))))
    );
  });
  const rows = all.map(([key, repo]) => described(world, key, repo, expanded(query)));
  sendPage(reply, rows, `${world.hubAddress}${path}`, query);
}

function expanded(query: URLSearchParams): readonly string[] {
  return [...query.getAll('expand'), ...query.getAll('expand[]')];
}

function described(
  world: World,
  key: string,
  repo: Repo,
  expand: readonly string[],
): Record<string, unknown> {
  const id = repoId(key);
  const mapping = mappingOf(id);
  const wants = (field: string) => expand.includes(field);
  return {
    _id: sha(key).slice(0, 24),
    id,
    ...(repo.type === 'model' && { modelId: id }),
    author: id.split('/')[0],
    sha: headOf(repo, world.clock.now()).oid,
    private: repo.private,
    gated: repo.gated,
    downloads: repo.downloads,
    likes: repo.likes,
    lastModified: repo.lastModified,
    createdAt: repo.lastModified,
    ...(repo.task && { pipeline_tag: repo.task }),
    tags: repo.task ? [repo.task] : [],
    ...(wants('inference') && mapping.length > 0 && { inference: 'warm' }),
    ...(wants('inferenceProviderMapping') && {
      inferenceProviderMapping:
        world.state.mappingForm === 'array'
          ? mapping
          : Object.fromEntries(mapping.map(({ provider, ...entry }) => [provider, entry])),
    }),
  };
}

interface MappingEntry {
  readonly provider: string;
  readonly status: string;
  readonly providerId: string;
  readonly task: string;
  readonly isModelAuthor: boolean;
}

/** The model's id at each provider. */
function mappingOf(id: string): MappingEntry[] {
  const isModelAuthor = false;
  const chat = models.find(model => model.id === id)?.offers ?? [];
  const other = taskModels.find(model => model.id === id);
  return [
    ...chat.map(({ provider, providerId, status }) => {
      return { provider, status, providerId, task: 'conversational', isModelAuthor };
    }),
    ...Object.entries(other?.at ?? {}).map(([provider, providerId]) => {
      return { provider, status: 'live', providerId, task: other?.task ?? '', isModelAuthor };
    }),
  ];
}

/** One repository; with `blobs` also the size and oid of each file. */
function show(exchange: Exchange, key: string, repo: Repo) {
  const { world, params, query, reply } = exchange;
  const revision = params[2] ?? 'main';
  const commit = commitAt(repo, revision, world.clock.now());
  if (!commit) return revisionNotFound(exchange, revision);
  const hasBlobs = /^(?:true|1)$/i.test(query.get('blobs') ?? '');
  const siblings = blobObjects(commit).map(([rfilename, { oid, bytes }]) => {
    const lfs = commit.lfs[rfilename];
    if (!hasBlobs) return { rfilename };
    if (!lfs) return { rfilename, size: bytes.length, blobId: oid };
    const { size } = lfs;
    return { rfilename, size, blobId: oid, lfs: { size, sha256: oidOf(lfs), pointerSize: bytes.length } };
  });
  const description = described(world, key, repo, expanded(query));
  reply.json(200, { ...description, sha: commit.oid, siblings });
}

function quickSearch({ world, query, reply }: Exchange) {
  const q = query.get('q')?.toLowerCase() ?? '';
  const found = Object.entries(world.state.repos).filter(
    ([key, repo]) => !repo.private && repo.type === 'model' && key.toLowerCase().includes(q),
  );
  reply.json(200, { models: found.slice(0, 5).map(([key]) => ({ id: key })), modelsCount: found.length, q });
}

/** GET /api/partners/{provider}/models: the public mapping of one provider, by task and HF's model id. */
function partnerModels({ params, query, reply }: Exchange) {
  const wanted = query.get('status');
  const byTask: Record<string, Record<string, unknown>> = {};
  for (const id of [...models, ...taskModels].map(model => model.id)) {
    for (const { provider, status, providerId, task } of mappingOf(id)) {
      if (provider !== params[0] || (wanted && status !== wanted)) continue;
      const entry = { _id: sha(`${provider}/${id}`).slice(0, 24), status, providerId };
      byTask[task] = { ...byTask[task], [id]: entry };
    }
  }
  reply.json(200, byTask);
}
