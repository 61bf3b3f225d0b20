import { openDevice } from '../../src/gpu/device.ts';
import { openNodeGpu } from '../../src/gpu/node.ts';

/** Dawn quantizes timestamps to 65 us by default. A pass on a fast GPU takes less. */
export const EXACT_TIMES = 'disable-dawn-features=timestamp_quantization';

/**
 * Opens WebGPU as the project does, with these Dawn flags. Keep the returned object as long as its
 * devices are in use.
 * @throws LabError if no driver offers an adapter.
 */
export async function openGpu(flags: readonly string[] = [EXACT_TIMES]): Promise<GPU> {
  // Installs the WebGPU globals and, if there is no real driver, finds a software one.
  const plain = await openNodeGpu();
  if (flags.length === 0) return plain;
  const { create } = await import('webgpu');
  return create([...flags]);
}

/**
 * Describes the adapter: its identity, features and limits, and which of them the project's device
 * has.
 */
export async function describeAdapter() {
  const gpu = await openGpu();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('no adapter');
  // Features outside the WebGPU standard; tensor cores are reached through one of them.
  const unsafe = await (await openGpu(['enable-dawn-features=allow_unsafe_apis'])).requestAdapter();
  const device = await openDevice(gpu);
  const { info } = adapter;
  const described = {
    vendor: info.vendor,
    architecture: info.architecture,
    device: info.device,
    description: info.description,
    isFallbackAdapter: info.isFallbackAdapter,
    subgroupMinSize: info.subgroupMinSize,
    subgroupMaxSize: info.subgroupMaxSize,
    optional: Object.fromEntries(OPTIONAL.map((name) => [name, adapter.features.has(name)])),
    features: [...adapter.features].sort(),
    experimentalFeatures: [...(unsafe?.features ?? [])].filter((name) => !adapter.features.has(name)).sort(),
    adapterLimits: limitsOf(adapter.limits),
    deviceLimits: limitsOf(device.device.limits),
    facts: device.facts,
  };
  device.dispose();
  return described;
}

const OPTIONAL = ['timestamp-query', 'subgroups', 'shader-f16'] as const;
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxUniformBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupsPerDimension',
  'minStorageBufferOffsetAlignment',
  'minUniformBufferOffsetAlignment',
] as const;

function limitsOf(limits: GPUSupportedLimits): Record<string, number> {
  return Object.fromEntries(LIMITS.map((name) => [name, limits[name]]));
}
