import { existsSync } from 'node:fs';
import { LabError } from '../base/errors.ts';

/** Paths of Chromium's software Vulkan driver in Debian's packages. */
const SWIFTSHADER = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
];

/** Browsers round timestamps against side channels; here they keep the resolution of the device. */
const FLAGS = ['disable-dawn-features=timestamp_quantization'];

/**
 * WebGPU in Node, by Dawn (the `webgpu` package). Uses the machine's own driver if there is one,
 * else Chromium's SwiftShader. Installs the globals (GPUBufferUsage and so on). Keep the returned
 * object: Dawn frees its instance with it.
 *
 * @throws LabError if neither offers an adapter.
 */
export async function openNodeGpu(): Promise<GPU> {
  const create = await loadDawn();
  const own = create(FLAGS);
  if ((await own.requestAdapter()) !== null) return own;
  const driver = SWIFTSHADER.find((path) => existsSync(path));
  if (process.env.VK_DRIVER_FILES === undefined && driver !== undefined) {
    // The Vulkan loader reads these variables when an instance is created.
    process.env.VK_DRIVER_FILES = driver;
    process.env.VK_ICD_FILENAMES = driver;
  }
  const gpu = create(FLAGS);
  if ((await gpu.requestAdapter()) !== null) return gpu;
  throw new LabError(
    'no WebGPU adapter in Node: Dawn found no Vulkan, Metal or D3D driver. Install a driver (on Linux also libvulkan1), ' +
      'or Chromium for its software driver, or point VK_DRIVER_FILES at a driver file; or use --backend cpu',
  );
}

/** Dawn's null backend: compiles and validates shaders without a driver, but computes nothing. */
export async function openNullGpu(): Promise<GPU> {
  const create = await loadDawn();
  return create(['backend=null']);
}

/** Loads Dawn and installs its globals. */
async function loadDawn(): Promise<(flags: string[]) => GPU> {
  const { create, globals } = await import('webgpu').catch((error: unknown) => {
    throw new LabError(
      `the webgpu package could not be loaded (${error instanceof Error ? error.message.split('\n')[0] : String(error)}); ` +
        'run npm ci on a supported platform, or use --backend cpu',
    );
  });
  for (const [name, value] of Object.entries(globals as Record<string, unknown>))
    if (!(name in globalThis))
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  return create;
}
