/**
 * The dot-product kernel as a WebAssembly module, assembled here: two functions, `f64` and `f32`, each
 * (x, y, blocks, bytes, out): for every block of columns, out[c] = sum over k of x[k] * y[k][c], left to right, eight vectors of 128 bits
 * at a time (16 columns of f64 or 32 of f32). y is laid out in blocks: [block][k][column]. `bytes` is the length of x in bytes, > 0; all
 * arguments are byte addresses or counts, blocks > 0. The memory is imported as m.m.
 */
export function simdModule(): Uint8Array<ArrayBuffer> {
  const i32 = 0x7f;
  const type = [0x60, 5, i32, i32, i32, i32, i32, 0];
  const functions = [body(8, 0x0a, 3, 0xf2, 0xf0), body(4, 0x09, 2, 0xe6, 0xe4)];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, ...type]),
    ...section(2, [1, ...name('m'), ...name('m'), 2, 0, 1]),
    ...section(3, [2, 0, 0]),
    ...section(7, [2, ...name('f64'), 0, 0, ...name('f32'), 0, 1]),
    ...section(10, [2, ...functions.flatMap((code) => [...leb(code.length), ...code])]),
  ]);
}

const X = 0;
const Y = 1;
const BLOCKS = 2;
const BYTES = 3;
const OUT = 4;
const P = 5;
const END = 6;
const SUM = 7;
const VALUE = 15;

/** One kernel: width of a number in bytes, opcodes of splat load (and its alignment), multiply and add. */
function body(width: number, splat: number, align: number, multiply: number, add: number): number[] {
  const lanes = [0, 1, 2, 3, 4, 5, 6, 7];
  const get = (local: number) => [0x20, local];
  const set = (local: number) => [0x21, local];
  const plus = (local: number, amount: number) => [
    ...get(local),
    0x41,
    ...signed(amount),
    0x6a,
    ...set(local),
  ];
  return [
    // Locals: two i32 (P, END), nine v128 (eight sums, one value).
    ...[2, 2, 0x7f, 9, 0x7b],
    ...[0x03, 0x40],
    ...lanes.flatMap((a) => [0xfd, 0x0c, ...new Array<number>(16).fill(0), ...set(SUM + a)]),
    ...[...get(X), ...set(P), ...get(X), ...get(BYTES), 0x6a, ...set(END)],
    ...[0x03, 0x40],
    ...[...get(P), 0xfd, splat, align, 0, ...set(VALUE)],
    ...lanes.flatMap((a) => [
      ...[...get(SUM + a), ...get(VALUE), ...get(Y)],
      ...[0xfd, 0x00, 4, ...leb(16 * a)],
      ...[0xfd, multiply, 1, 0xfd, add, 1, ...set(SUM + a)],
    ]),
    ...plus(Y, 128),
    ...plus(P, width),
    ...[...get(P), ...get(END), 0x49, 0x0d, 0, 0x0b],
    ...lanes.flatMap((a) => [...get(OUT), ...get(SUM + a), 0xfd, 0x0b, 4, ...leb(16 * a)]),
    ...plus(OUT, 128),
    ...[...get(BLOCKS), 0x41, 1, 0x6b, 0x22, BLOCKS, 0x0d, 0, 0x0b],
    0x0b,
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
