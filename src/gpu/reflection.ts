// webgpu-utils reads these two at load time; Node 20 has neither. Nothing here stores f16.
const scope = globalThis as Record<string, unknown>;
scope.Float16Array ??= class Float16Array extends Uint16Array {};
scope.GPUShaderStage ??= { VERTEX: 1, FRAGMENT: 2, COMPUTE: 4 };
