// webgpu-utils reads these two globals when it is loaded; Node 20 has neither. Nothing stores f16
// here.
const scope = globalThis as Record<string, unknown>;
scope.Float16Array ??= class Float16Array extends Uint16Array {};
scope.GPUShaderStage ??= { VERTEX: 1, FRAGMENT: 2, COMPUTE: 4 };
