/** Models for tasks other than chat: served by a provider's own route, priced per request. */
export interface TaskModel {
  readonly id: string;
  readonly task: 'text-to-image' | 'feature-extraction' | 'automatic-speech-recognition';
  readonly nanoUsd: number;
  /** The model's id at each provider. */
  readonly at: Readonly<Record<string, string>>;
}

export const taskModels: readonly TaskModel[] = [
  {
    id: 'black-forest-labs/FLUX.1-schnell',
    task: 'text-to-image',
    nanoUsd: 3_000_000,
    at: {
      'hf-inference': 'black-forest-labs/FLUX.1-schnell',
      nscale: 'black-forest-labs/FLUX.1-schnell',
      together: 'black-forest-labs/FLUX.1-schnell-Free',
      'fal-ai': 'fal-ai/flux/schnell',
      replicate: 'black-forest-labs/flux-schnell',
    },
  },
  {
    id: 'intfloat/multilingual-e5-large-instruct',
    task: 'feature-extraction',
    nanoUsd: 20_000,
    at: {
      'hf-inference': 'intfloat/multilingual-e5-large-instruct',
      together: 'intfloat/multilingual-e5-large-instruct',
    },
  },
  {
    id: 'openai/whisper-large-v3',
    task: 'automatic-speech-recognition',
    nanoUsd: 90_000,
    at: { 'hf-inference': 'openai/whisper-large-v3', together: 'openai/whisper-large-v3' },
  },
];

/** The model with this id at the provider. */
export function taskModelAt(provider: string, providerId: string): TaskModel | undefined {
  return taskModels.find(({ at }) => at[provider] === providerId);
}
