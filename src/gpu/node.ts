import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
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
  const software = SWIFTSHADER.find((path) => existsSync(path));
  // Without a driver the Vulkan loader prints warnings, so it is not asked for one in vain.
  if (software === undefined || mayHaveDriver()) {
    const gpu = create(FLAGS);
    if ((await gpu.requestAdapter()) !== null) return gpu;
  }
  if (software !== undefined && process.env.VK_DRIVER_FILES === undefined) {
    // The Vulkan loader reads these variables when an instance is created.
    process.env.VK_DRIVER_FILES = software;
    process.env.VK_ICD_FILENAMES = software;
    const gpu = create(FLAGS);
    if ((await gpu.requestAdapter()) !== null) return gpu;
  }
  throw new LabError(
    'no WebGPU adapter in Node: Dawn found no Vulkan, Metal or D3D driver. Install a driver (on Linux also libvulkan1), ' +
      'or Chromium for its software driver, or point VK_DRIVER_FILES at a driver file; or use --backend cpu',
  );
}

/**
 * Whether the Vulkan loader would find a driver: one is named in the environment, or a manifest
 * lies where the loader looks (section "Driver discovery on Linux" of the loader's documentation).
 * True on other systems, where Dawn asks Metal or D3D.
 */
function mayHaveDriver(): boolean {
  if (process.platform !== 'linux') return true;
  const { env } = process;
  if (env.VK_DRIVER_FILES ?? env.VK_ICD_FILENAMES ?? env.VK_ADD_DRIVER_FILES) return true;
  const roots = [
    ...(env.XDG_CONFIG_DIRS ?? '/etc/xdg').split(':'),
    ...(env.XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(':'),
    env.XDG_CONFIG_HOME ?? join(homedir(), '.config'),
    env.XDG_DATA_HOME ?? join(homedir(), '.local/share'),
    '/etc',
    '/usr/local/etc',
  ];
  return roots.some((root) => {
    const folder = join(root, 'vulkan/icd.d');
    return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.json'));
  });
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
