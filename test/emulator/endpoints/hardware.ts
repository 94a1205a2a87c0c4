/** One entry of HF's Inference Endpoints catalogue. */
export interface Compute {
  readonly vendor: string;
  readonly region: string;
  readonly accelerator: 'cpu' | 'gpu' | 'neuron';
  readonly numAccelerators: number;
  readonly memoryGb: number;
  readonly gpuMemoryGb: number | null;
  readonly instanceType: string;
  readonly instanceSize: string;
  readonly architecture: string;
  readonly status: 'available' | 'low_availability' | 'not_available' | 'reserved' | 'deprecated';
  /** USD per replica. */
  readonly pricePerHour: number;
}

type Size = readonly [
  size: string,
  accelerators: number,
  memoryGb: number,
  gpuMemoryGb: number | null,
  usd: number,
];

function computes(
  places: string[],
  accelerator: Compute['accelerator'],
  instanceType: string,
  architecture: string,
  sizes: Size[],
  status: Compute['status'] = 'available',
): Compute[] {
  return places.flatMap(place => {
    const [vendor = '', region = ''] = place.split('/');
    return sizes.map(([instanceSize, numAccelerators, memoryGb, gpuMemoryGb, pricePerHour]) => ({
      vendor,
      region,
      accelerator,
      numAccelerators,
      memoryGb,
      gpuMemoryGb,
      instanceType,
      instanceSize,
      architecture,
      status,
      pricePerHour,
    }));
  });
}

const us = 'aws/us-east-1';
const eu = 'aws/eu-west-1';

export const catalogue: readonly Compute[] = [
  ...computes([us, eu], 'cpu', 'intel-icl', 'Intel Ice Lake', [
    ['x1', 1, 2, null, 0.033],
    ['x2', 2, 4, null, 0.067],
    ['x4', 4, 8, null, 0.134],
  ]),
  ...computes([us], 'gpu', 'nvidia-t4', 'NVIDIA T4', [['x1', 1, 15, 14, 0.5]]),
  ...computes([us, eu], 'gpu', 'nvidia-l4', 'NVIDIA L4', [
    ['x1', 1, 30, 24, 0.8],
    ['x4', 4, 178, 96, 3.8],
  ]),
  ...computes([us, eu], 'gpu', 'nvidia-a10g', 'NVIDIA A10G', [['x1', 1, 30, 24, 1]], 'low_availability'),
  ...computes([us, eu], 'gpu', 'nvidia-a100', 'NVIDIA A100', [
    ['x1', 1, 145, 80, 2.5],
    ['x2', 2, 290, 160, 5],
  ]),
  ...computes([us], 'neuron', 'inf2', 'AWS Inferentia2', [['x1', 1, 14, 32, 0.75]]),
  ...computes(['gcp/us-east4'], 'gpu', 'nvidia-l4', 'NVIDIA L4', [['x1', 1, 30, 24, 0.7]]),
  ...computes(
    ['gcp/us-east4'],
    'gpu',
    'nvidia-h100',
    'NVIDIA H100',
    [['x1', 1, 210, 80, 10]],
    'not_available',
  ),
];

export const vendors: readonly { name: string; regions: { name: string; label: string }[] }[] = [
  {
    name: 'aws',
    regions: [
      { name: 'us-east-1', label: 'N. Virginia' },
      { name: 'eu-west-1', label: 'Ireland' },
    ],
  },
  { name: 'gcp', regions: [{ name: 'us-east4', label: 'N. Virginia' }] },
];

export function computeOf(
  of: Pick<Compute, 'vendor' | 'region' | 'instanceType' | 'instanceSize'>,
): Compute | undefined {
  return catalogue.find(
    compute =>
      compute.vendor === of.vendor &&
      compute.region === of.region &&
      compute.instanceType === of.instanceType &&
      compute.instanceSize === of.instanceSize,
  );
}
