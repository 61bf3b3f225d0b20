/**
 * The dot-product kernels as a WebAssembly module, assembled here. Vectors of 128 bits hold 2 columns of f64 or 4 of f32; columns lie in
 * blocks of 8 vectors, [block][k][column], and every sum runs from left to right. All arguments are byte addresses or counts, > 0.
 *
 * - `f64`, `f32` (x, y, blocks, bytes, out): one row. For every block, out[c] = sum over k of x[k] * y[k][c]; `bytes` is the length of x.
 * - `f64x4`, `f32x4` (x, y, blocks, bytes, out, stride): four rows at once, which loads columns a quarter as often. x is [k][row], `bytes`
 *   its length; row r of the answers begins at out + r * stride.
 *
 * - `above` (v, y, reach, blocks, list, least, other: the last two f32) -> address after the list's last entry, for f32: writes the number of
 *   every block with a column c for which v[c] - least > y[c], or v[c] - other > reach[c], and a bit for each such column (two i32).
 *
 * The memory is imported as m.m.
 */
export function simdModule(): Uint8Array<ArrayBuffer> {
  const i32 = 0x7f;
  const oneRow = [0x60, 5, ...new Array<number>(5).fill(i32), 0];
  const fourRows = [0x60, 6, ...new Array<number>(6).fill(i32), 0];
  const gate = [0x60, 7, ...new Array<number>(5).fill(i32), 0x7d, 0x7d, 1, i32];
  const functions = [single(f64), single(f32), quad(f64), quad(f32), above()];
  const names = ['f64', 'f32', 'f64x4', 'f32x4', 'above'];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [3, ...oneRow, ...fourRows, ...gate]),
    ...section(2, [1, ...name('m'), ...name('m'), 2, 0, 1]),
    ...section(3, [5, 0, 0, 1, 1, 2]),
    ...section(7, [5, ...names.flatMap((text, k) => [...name(text), 0, k])]),
    ...section(10, [5, ...functions.flatMap((code) => [...leb(code.length), ...code])]),
  ]);
}

/** A type of number: its width in bytes, opcodes of splat load (and its alignment), multiply and add. */
interface Lane {
  readonly width: number;
  readonly splat: number;
  readonly align: number;
  readonly multiply: number;
  readonly add: number;
}
const f64: Lane = { width: 8, splat: 0x0a, align: 3, multiply: 0xf2, add: 0xf0 };
const f32: Lane = { width: 4, splat: 0x09, align: 2, multiply: 0xe6, add: 0xe4 };

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const zero = (local: number) => [0xfd, 0x0c, ...new Array<number>(16).fill(0), ...set(local)];
const load = (offset: number) => [0xfd, 0x00, 4, ...leb(offset)];
const store = (offset: number) => [0xfd, 0x0b, 4, ...leb(offset)];
const splat = ({ splat: op, align }: Lane, offset: number) => [0xfd, op, align, ...leb(offset)];
const times = ({ multiply }: Lane) => [0xfd, multiply, 1];
const plus = ({ add }: Lane) => [0xfd, add, 1];
const sum = (a: number, b: number, into: number) => [...get(a), ...get(b), 0x6a, ...set(into)];
const advance = (local: number, amount: number) => [
  ...[...get(local), 0x41, ...signed(amount), 0x6a],
  ...set(local),
];
/** do { code } while (a < b), and do { code } while (--count). */
const whileBelow = (a: number, b: number, code: number[]) => [
  ...[0x03, 0x40, ...code],
  ...[...get(a), ...get(b), 0x49, 0x0d, 0, 0x0b],
];
const repeat = (count: number, code: number[]) => [
  ...[0x03, 0x40, ...code],
  ...[...get(count), 0x41, 1, 0x6b, 0x22, count, 0x0d, 0, 0x0b],
];

const [X, Y, BLOCKS, BYTES, OUT] = [0, 1, 2, 3, 4];

/** Eight sums at a time: one row against the eight vectors of a block. */
function single(lane: Lane): number[] {
  const [p, end, sums, value] = [5, 6, 7, 15];
  const lanes = [0, 1, 2, 3, 4, 5, 6, 7];
  return [
    // Locals: two i32, nine v128.
    ...[2, 2, 0x7f, 9, 0x7b],
    ...repeat(BLOCKS, [
      ...lanes.flatMap((a) => zero(sums + a)),
      ...[...get(X), ...set(p), ...sum(X, BYTES, end)],
      ...whileBelow(p, end, [
        ...[...get(p), ...splat(lane, 0), ...set(value)],
        ...lanes.flatMap((a) => [
          ...[...get(sums + a), ...get(value), ...get(Y), ...load(16 * a)],
          ...[...times(lane), ...plus(lane), ...set(sums + a)],
        ]),
        ...advance(Y, 128),
        ...advance(p, lane.width),
      ]),
      ...lanes.flatMap((a) => [...get(OUT), ...get(sums + a), ...store(16 * a)]),
      ...advance(OUT, 128),
    ]),
    0x0b,
  ];
}

/** Eight sums at a time: four rows against two vectors, four times per block. */
function quad(lane: Lane): number[] {
  const STRIDE = 5;
  const [p, end, q] = [6, 7, 8];
  // Where the answers of each row go.
  const outs = [OUT, 9, 10, 11];
  const sums = 12;
  const [left, right, value] = [20, 21, 22];
  const rows = [0, 1, 2, 3];
  return [
    // Locals: six i32, eleven v128.
    ...[2, 6, 0x7f, 11, 0x7b],
    ...[1, 2, 3].flatMap((r) => sum(outs[r - 1], STRIDE, outs[r])),
    ...sum(X, BYTES, end),
    ...repeat(BLOCKS, [
      ...rows.flatMap((v) => [
        ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((a) => zero(sums + a)),
        ...[...get(X), ...set(p), ...get(Y), ...set(q)],
        ...whileBelow(p, end, [
          ...[...get(q), ...load(32 * v), ...set(left)],
          ...[...get(q), ...load(32 * v + 16), ...set(right)],
          ...rows.flatMap((r) => [
            ...[...get(p), ...splat(lane, r * lane.width), ...set(value)],
            ...[left, right].flatMap((column, c) => [
              ...[...get(sums + 2 * r + c), ...get(value), ...get(column)],
              ...[...times(lane), ...plus(lane), ...set(sums + 2 * r + c)],
            ]),
          ]),
          ...advance(q, 128),
          ...advance(p, 4 * lane.width),
        ]),
        ...rows.flatMap((r) =>
          [0, 1].flatMap((c) => [...[...get(outs[r]), ...get(sums + 2 * r + c)], ...store(32 * v + 16 * c)]),
        ),
      ]),
      ...[...get(q), ...set(Y)],
      ...outs.flatMap((out) => advance(out, 128)),
    ]),
    0x0b,
  ];
}

/** Which columns are above one of two bounds. */
function above(): number[] {
  const [V, Y, REACH, BLOCKS, LIST, LEAST, OTHER] = [0, 1, 2, 3, 4, 5, 6];
  const [block, bits] = [7, 8];
  const [least, other, value] = [9, 10, 11];
  const wide = (from: number, to: number) => [...get(from), 0xfd, 0x13, ...set(to)];
  const less = (a: number, b: number) => [...get(a), ...get(b), 0xfd, 0xe5, 1];
  const [greater, or, bitmask] = [
    [0xfd, 0x44],
    [0xfd, 0x50],
    [0xfd, 0xa4, 1],
  ];
  return [
    // Locals: two i32, three v128.
    ...[2, 2, 0x7f, 3, 0x7b],
    ...[...wide(LEAST, least), ...wide(OTHER, other)],
    ...repeat(BLOCKS, [
      ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((a) => [
        ...[...get(V), ...load(16 * a), ...set(value)],
        ...[...less(value, least), ...get(Y), ...load(16 * a), ...greater],
        ...[...less(value, other), ...get(REACH), ...load(16 * a), ...greater],
        ...[...or, ...bitmask],
        // bits = a === 0 ? mask : bits | mask << 4 a
        ...(a === 0 ? [] : [0x41, ...signed(4 * a), 0x74, ...get(bits), 0x72]),
        ...set(bits),
      ]),
      // if (bits) *list++ = block, bits
      ...[...get(bits), 0x04, 0x40],
      ...[...get(LIST), ...get(block), 0x36, 2, 0],
      ...[...get(LIST), ...get(bits), 0x36, 2, 4, ...advance(LIST, 8), 0x0b],
      ...[V, Y, REACH].flatMap((pointer) => advance(pointer, 128)),
      ...advance(block, 1),
    ]),
    ...[...get(LIST), 0x0b],
  ];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content];
}

function name(text: string): number[] {
  return [text.length, ...[...text].map((c) => c.charCodeAt(0))];
}

/** Unsigned LEB128. */
function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

/** Signed LEB128 of a number not below 0: a set bit 6 in the last byte would be a minus sign. */
function signed(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, ...signed(value >>> 7)];
}
