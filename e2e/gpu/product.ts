import { openDevice } from '../../src/gpu/device.ts';
import { timeProduct, type ProductTime } from '../bench/product.ts';
import { PRODUCT_DEPTH, PRODUCT_TILE, tileKernel, type ProductKernel } from '../bench/product-kernels.ts';
import { openGpu } from './adapter.ts';

export interface ProductRow extends ProductTime {
  /** Rounded up to whole tiles. */
  readonly n: number;
  readonly kind: ProductKernel['kind'];
  readonly gflops: number;
}

/** Maximum bytes of a stored result. */
const MAX_STORED_BYTES = 2 ** 30;

/**
 * Measures matrix products in plain f32 WGSL: the ceiling of a scoring pass that uses workgroup
 * memory.
 */
export async function benchProducts(
  sizes: readonly number[],
  flags: readonly string[] | undefined,
  report: (rows: ProductRow[], progress: string) => void,
): Promise<void> {
  const { device } = await openDevice(await openGpu(flags));
  const maxBytes = Math.min(MAX_STORED_BYTES, device.limits.maxStorageBufferBindingSize);
  const rows: ProductRow[] = [];
  for (const size of sizes)
    for (const kind of ['stored', 'max'] as const) {
      const n = Math.ceil(size / PRODUCT_TILE) * PRODUCT_TILE;
      if (kind === 'stored' && 4 * n * n > maxBytes) continue;
      const time = await timeProduct(device, tileKernel(n, kind));
      rows.push({ n, kind, ...time, gflops: (2 * n * n * PRODUCT_DEPTH) / time.eachMs / 1e6 });
      report(rows, `product: ${JSON.stringify(rows.at(-1))}`);
    }
  device.destroy();
}
