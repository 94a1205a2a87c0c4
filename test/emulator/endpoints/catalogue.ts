import type { Exchange } from '../http/exchange.ts';
import { type Compute, catalogue, vendors } from './hardware.ts';
import { quotaOf, usedAccelerators } from './states.ts';

/** GET /v2/provider and /v2/provider/{ns}: the hardware, and the namespace's quota for it. */
export function endpointCatalogue({ world, reply, params }: Exchange): void {
  const namespace = params[0];
  const listed = (compute: Compute) => {
    const { vendor, region, instanceType, instanceSize, accelerator } = compute;
    const quota = namespace !== undefined && {
      quota: {
        maxAccelerators: quotaOf(world, namespace, vendor, instanceType),
        usedAccelerators: usedAccelerators(world, namespace, vendor, instanceType),
      },
    };
    return {
      id: `${vendor}-${region}-${instanceType}-${instanceSize}`,
      accelerator,
      numAccelerators: compute.numAccelerators,
      ...(accelerator === 'cpu' && { numCpus: compute.numAccelerators }),
      memoryGb: compute.memoryGb,
      gpuMemoryGb: compute.gpuMemoryGb,
      instanceType,
      instanceSize,
      architecture: compute.architecture,
      status: compute.status,
      pricePerHour: compute.pricePerHour,
      ...quota,
    };
  };
  reply.json(200, {
    vendors: vendors.map(({ name, regions }) => ({
      name,
      status: 'available',
      regions: regions.map(region => ({
        ...region,
        status: 'available',
        computes: catalogue.filter(at => at.vendor === name && at.region === region.name).map(listed),
      })),
    })),
  });
}
