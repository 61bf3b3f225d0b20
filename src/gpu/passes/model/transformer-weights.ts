import type { Transformer } from '../../../model/layout/transformer.ts';

/** Offsets of a block's tensors in the parameters, in vec4. Keys and values are one matrix. */
type PlacedLayer = Readonly<
  Record<'g' | 'gb' | 'q' | 'kv' | 'o' | 'h' | 'hb' | 'm' | 'mb' | 'n' | 'nb', number>
>;

/** Offsets of a transformer's tensors in the parameters, in vec4. */
export interface PlacedTransformer {
  readonly tokenSelf: number;
  readonly tokenPartner: number;
  readonly tokenOutcome: number;
  readonly tokenGate: number;
  readonly place: number;
  readonly layers: readonly PlacedLayer[];
  readonly out: number;
}

/** Joins all weights, one tensor after the other, and hands them to `write`. */
export function placeTransformer(
  net: Transformer,
  write: (parameters: Float32Array) => void,
): PlacedTransformer {
  const tensors: Float32Array[] = [];
  let at = 0;
  const put = (tensor: Float32Array): number => {
    const here = at / 4;
    tensors.push(tensor);
    at += tensor.length;
    return here;
  };
  const { size } = net;
  const placed: PlacedTransformer = {
    tokenSelf: put(net.tokenSelf),
    tokenPartner: put(net.tokenPartner),
    tokenOutcome: put(net.tokenOutcome),
    tokenGate: put(net.tokenGate),
    place: put(net.place),
    layers: net.layers.map(({ g, gb, q, k, v, o, h, hb, m, mb, n, nb }) => {
      const kv = new Float32Array(2 * size * size);
      for (let row = 0; row < size; row++) {
        kv.set(k.subarray(row * size, (row + 1) * size), 2 * row * size);
        kv.set(v.subarray(row * size, (row + 1) * size), (2 * row + 1) * size);
      }
      return {
        g: put(g),
        gb: put(gb),
        q: put(q),
        kv: put(kv),
        o: put(o),
        h: put(h),
        hb: put(hb),
        m: put(m),
        mb: put(mb),
        n: put(n),
        nb: put(nb),
      };
    }),
    out: put(net.out),
  };
  const parameters = new Float32Array(at);
  let to = 0;
  for (const tensor of tensors) {
    parameters.set(tensor, to);
    to += tensor.length;
  }
  write(parameters);
  return placed;
}
