import { gitAttributes } from './gitAttributes.ts';
import type { Repo } from './state.ts';
import { taskModels } from './taskModels.ts';

/** A model that the router serves. Optional fields are missing at times in HF's list as well. */
export interface RoutedModel {
  readonly id: string;
  readonly created: number;
  readonly inputs: readonly string[];
  readonly offers: readonly Offer[];
}

export interface Offer {
  readonly provider: string;
  readonly status: 'live' | 'error';
  /** The model's id at the provider. */
  readonly providerId: string;
  readonly contextLength?: number;
  /** USD per million tokens. */
  readonly pricing?: { readonly input: number; readonly output: number };
  readonly isFree?: boolean;
  readonly tools?: boolean;
  readonly latencyMs?: number;
  readonly throughput?: number;
}

function offer(
  provider: string,
  providerId: string,
  input: number,
  output: number,
  throughput: number,
): Offer {
  const latencyMs = Math.round(20_000 / throughput) + 120;
  return {
    provider,
    status: 'live',
    providerId,
    contextLength: 131_072,
    pricing: { input, output },
    tools: true,
    latencyMs,
    throughput,
  };
}

export const models: readonly RoutedModel[] = [
  {
    id: 'meta-llama/Llama-3.1-8B-Instruct',
    created: 1_721_692_800,
    inputs: ['text'],
    offers: [
      offer('groq', 'llama-3.1-8b-instant', 0.05, 0.08, 560),
      offer('cerebras', 'llama3.1-8b', 0.1, 0.1, 1800),
      offer('novita', 'meta-llama/llama-3.1-8b-instruct', 0.02, 0.05, 88),
      offer('nscale', 'meta-llama/Llama-3.1-8B-Instruct', 0.06, 0.06, 74),
      { provider: 'featherless-ai', providerId: 'meta-llama/Meta-Llama-3.1-8B-Instruct', status: 'live' },
      {
        provider: 'fireworks-ai',
        providerId: 'accounts/fireworks/models/llama-v3p1-8b-instruct',
        status: 'live',
        contextLength: 131_072,
        tools: false,
        latencyMs: 390,
        throughput: 140,
      },
    ],
  },
  {
    id: 'openai/gpt-oss-120b',
    created: 1_754_352_000,
    inputs: ['text'],
    offers: [
      offer('cerebras', 'gpt-oss-120b', 0.35, 0.75, 2900),
      offer('groq', 'openai/gpt-oss-120b', 0.15, 0.6, 480),
      offer('together', 'openai/gpt-oss-120b', 0.15, 0.6, 150),
      offer('novita', 'openai/gpt-oss-120b', 0.05, 0.25, 95),
      offer('deepinfra', 'openai/gpt-oss-120b', 0.05, 0.24, 70),
    ],
  },
  {
    id: 'Qwen/Qwen3-Coder-480B-A35B-Instruct',
    created: 1_753_142_400,
    inputs: ['text'],
    offers: [
      offer('together', 'Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8', 2, 2, 62),
      offer('novita', 'qwen/qwen3-coder-480b-a35b-instruct', 0.29, 1.2, 58),
      offer('scaleway', 'qwen3-coder-480b-a35b-instruct', 0.6, 2.1, 45),
    ],
  },
  {
    id: 'zai-org/GLM-4.6',
    created: 1_759_190_400,
    inputs: ['text'],
    offers: [offer('zai-org', 'glm-4.6', 0.6, 2.2, 66), offer('novita', 'zai-org/glm-4.6', 0.55, 2.2, 61)],
  },
  {
    id: 'google/gemma-3-27b-it',
    created: 1_741_737_600,
    inputs: ['text', 'image'],
    offers: [
      offer('scaleway', 'gemma-3-27b-it', 0.25, 0.5, 40),
      { ...offer('publicai', 'google/gemma-3-27b-it', 0, 0, 28), isFree: true },
    ],
  },
  {
    id: 'acme/Model-7B',
    created: 1_776_837_885,
    inputs: ['text'],
    offers: [
      offer('novita', 'acme/model-7b', 0.2, 0.6, 72.5),
      { provider: 'fal-ai', providerId: 'acme/model-7b', status: 'live' },
    ],
  },
  {
    id: 'acme/Model-Retired',
    created: 1_700_000_000,
    inputs: ['text'],
    offers: [{ provider: 'novita', providerId: 'acme/retired', status: 'error' }],
  },
];

/** Models that only the provider lists; HF does not know them. */
export const unlistedOffers: readonly Offer[] = [
  offer('openai', 'gpt-4o-mini', 0.15, 0.6, 80),
  offer('openai', 'ft:gpt-4o-mini-2024-07-18:ada::9abcdefg', 0.3, 1.2, 80),
];

/** The Hub's repositories: enough for a listing of several pages. */
export function repos(): Record<string, Repo> {
  const routed = models.map(
    ({ id }, index) => [id, modelRepo(200_000 - index * 1000, 'text-generation')] as const,
  );
  const filler = Array.from({ length: 40 }, (_, index) => {
    return [
      `acme/experiment-${String(index + 1).padStart(2, '0')}`,
      modelRepo(400 - index, 'text-classification'),
    ] as const;
  });
  return {
    ...Object.fromEntries(routed),
    ...Object.fromEntries(taskModels.map(({ id, task }) => [id, modelRepo(9000, task)])),
    ...Object.fromEntries(filler),
    'ada/bert-finetuned': modelRepo(812, 'text-classification'),
    'ada/secret-model': { ...modelRepo(0, 'text-generation'), private: true },
    'datasets/ada/reviews': {
      ...modelRepo(96, undefined),
      type: 'dataset',
      files: { 'README.md': '# Reviews\n', 'data/train.csv': 'text,label\ngood,1\nbad,0\n' },
      lfs: {},
    },
    'spaces/ada/demo': {
      ...modelRepo(0, undefined),
      type: 'space',
      files: { 'app.py': 'import gradio\n' },
      lfs: {},
    },
  };
}

function modelRepo(downloads: number, task: string | undefined): Repo {
  return {
    type: 'model',
    private: false,
    gated: false,
    downloads,
    likes: Math.floor(downloads / 90),
    ...(task && { task }),
    lastModified: '2026-09-02T10:00:00.000Z',
    files: {
      '.gitattributes': gitAttributes,
      'README.md': '---\nlicense: apache-2.0\n---\n# A model\n',
      'config.json': '{"model_type":"llama","hidden_size":4096}\n',
    },
    lfs: { 'model.safetensors': { size: 3_000_000 } },
  };
}
