/** The part of `GPUAdapter.info` that {@link isSoftwareAdapter} reads. */
export type AdapterIdentity = Partial<
  Pick<GPUAdapterInfo, 'isFallbackAdapter' | 'vendor' | 'architecture' | 'device' | 'description'>
>;

/**
 * Drivers that run shaders on the CPU: SwiftShader, Mesa's llvmpipe and lavapipe, Microsoft's WARP.
 */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|\bwarp\b|basic render/i;

/**
 * Whether an adapter runs shaders on the CPU. The CPU backend is faster there, so `auto` never
 * picks such an adapter. Not every driver sets `isFallbackAdapter`, hence the names.
 */
export function isSoftwareAdapter(info: AdapterIdentity): boolean {
  if (info.isFallbackAdapter === true) return true;
  const { vendor = '', architecture = '', device = '', description = '' } = info;
  return SOFTWARE.test(`${vendor} ${architecture} ${device} ${description}`);
}
