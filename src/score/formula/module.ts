import type { FormulaStep } from './program.ts';

/**
 * A WebAssembly module that weighs four pairs at once, for the scoring kernel of the CPU backend.
 * It imports the kernel's memory and its `exp4` and `log4`, and exports
 *
 *     weigh(i, j, stride, a, b): v128
 *
 * i and j are the addresses of the first term of the row and of the first of four columns, `stride`
 * the bytes from one term to the next; a and b are what the scorer says of both sides. The result
 * has the bits of `evaluate`.
 *
 * The binary format is that of the WebAssembly specification, chapter 5.
 *
 * @param shared whether the memory is shared between threads.
 */
export function formulaModule(steps: readonly FormulaStep[], shared: boolean): Uint8Array<ArrayBuffer> {
  const module = [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([signature([I32, I32, I32, V128, V128], [V128]), signature([V128], [V128])])),
    ...section(
      2,
      vector([
        [...name('env'), ...name('memory'), 2, shared ? 3 : 1, ...unsigned(1), ...unsigned(32768)],
        [...name('env'), ...name('exp4'), 0, 1],
        [...name('env'), ...name('log4'), 0, 1],
      ]),
    ),
    ...section(3, vector([[0]])),
    ...section(7, vector([[...name('weigh'), 0, WEIGH]])),
    ...section(10, vector([sized(body(steps))])),
  ];
  return Uint8Array.from(module);
}

const [I32, V128] = [0x7f, 0x7b];
/** Functions in the order of their numbers: two imported ones come first. */
const [EXP, LOG, WEIGH] = [0, 1, 2];
/** Parameters of `weigh`, as numbers of locals. */
const [ROW, COLUMN, STRIDE, RAW, LOCALS] = [0, 1, 2, 3, 5];
const [LOCAL_GET, LOCAL_SET, CALL, I32_CONST, I32_ADD, I32_MUL, END] = [
  0x20, 0x21, 0x10, 0x41, 0x6a, 0x6c, 0x0b,
];

/** Codes of vector instructions. Conditions are masks of all bits. */
const simd = {
  ...{ load: 0x00, loadSplat: 0x09, constant: 0x0c, not: 0x4d, and: 0x4e, or: 0x50, select: 0x52 },
  ...{ equal: 0x41, less: 0x43, atMost: 0x45 },
  ...{ abs: 0xe0, neg: 0xe1, sqrt: 0xe3, add: 0xe4, mul: 0xe6, div: 0xe7, min: 0xe8, max: 0xe9 },
} as const;
const vectorOp = (code: number): number[] => [0xfd, ...unsigned(code)];

/** Every step is a local of its own: the engine's compiler keeps those that it can in registers. */
function body(steps: readonly FormulaStep[]): number[] {
  const code: number[] = [...vector([[...unsigned(steps.length), V128]])];
  const get = (step: number) => [LOCAL_GET, ...unsigned(LOCALS + step)];
  steps.forEach((step, k) => {
    code.push(...operation(step, get), LOCAL_SET, ...unsigned(LOCALS + k));
  });
  return [...code, ...get(steps.length - 1), END];
}

type Get = (step: number) => number[];

function operation(step: FormulaStep, get: Get): number[] {
  switch (step.op) {
    case 'const':
      return splat(step.value);
    case 'raw':
      return [LOCAL_GET, RAW + step.side];
    case 'person':
      return loaded(step.term, step.side);
    case 'product': {
      // Whole numbers: any order of the sum gives the same bits.
      const [user, peer] = [step.side, (1 - step.side) as 0 | 1];
      return Array.from({ length: step.length }, (_, k) => [
        ...loaded(step.user + k, user),
        ...loaded(step.peer + k, peer),
        ...vectorOp(simd.mul),
        ...(k === 0 ? [] : vectorOp(simd.add)),
      ]).flat();
    }
    case 'exp':
    case 'log':
      return [...get(step.a), CALL, step.op === 'exp' ? EXP : LOG];
    case 'neg':
    case 'abs':
    case 'sqrt':
    case 'not':
      return [...get(step.a), ...vectorOp(simd[step.op])];
    case 'select':
      return [...get(step.b), ...get(step.c), ...get(step.a), ...vectorOp(simd.select)];
    default:
      return [...get(step.a), ...get(step.b), ...vectorOp(simd[step.op])];
  }
}

/** A term of the row's person four times, or of four columns. */
function loaded(term: number, side: 0 | 1): number[] {
  const from = [LOCAL_GET, side === 0 ? ROW : COLUMN];
  const offset = [LOCAL_GET, STRIDE, I32_CONST, ...signed(term), I32_MUL, I32_ADD];
  // Alignment and offset follow the code.
  return [...from, ...offset, ...vectorOp(side === 0 ? simd.loadSplat : simd.load), 2, 0];
}

function splat(value: number): number[] {
  const bytes = [...new Uint8Array(Float32Array.of(value, value, value, value).buffer)];
  return [...vectorOp(simd.constant), ...bytes];
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

/** LEB128 of a number from 0 on, where its highest bit would be read as a sign. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x40; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];
const name = (text: string): number[] => sized([...text].map((letter) => letter.charCodeAt(0)));
const signature = (from: readonly number[], to: readonly number[]): number[] => [
  ...[0x60, ...sized(from), ...sized(to)],
];
