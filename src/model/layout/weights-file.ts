import { must } from '../../base/errors.ts';
import { mustBeFiniteTensor } from './tensors.ts';

/** A weights file and the JSON that lies beside it. */
export interface WeightsFile<Header> {
  readonly bytes: Uint8Array;
  readonly header: Header;
}

/** FNV-1a over bytes, 8 hex digits. */
export function hashBytes(bytes: Uint8Array): string {
  let h = 0x811c9dc5;
  for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193);
  return (h >>> 0).toString(16).padStart(8, '0');
}

/** What every header says of its weights file. */
export interface FileCheck {
  /** Length of the weights file, and its FNV-1a hash as 8 hex digits. */
  readonly bytes: number;
  readonly hash: string;
}

/** What every header says of its weights. */
export interface WeightsHeader<Format extends string> extends FileCheck {
  readonly format: Format;
  readonly version: 1;
  /** How it was trained: worlds, split, steps. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** Figures on held-out data. */
  readonly metrics: Readonly<Record<string, number>>;
}

export const fileCheck = (bytes: Uint8Array): FileCheck => ({ bytes: bytes.length, hash: hashBytes(bytes) });

/** Throws LabError unless `json` is an object with this format and version 1. */
export function mustBeHeader(json: unknown, format: string, where: string): void {
  const header = json as { format?: unknown; version?: unknown } | null;
  must(
    typeof header === 'object' && header !== null && header.format === format && header.version === 1,
    `this is not a version 1 header of the format "${format}"`,
    where,
  );
}

/** Throws LabError unless the file has `size` bytes and is the one that the header describes. */
export function mustFit(bytes: Uint8Array, header: FileCheck, size: number, where: string): void {
  must(
    header.bytes === size && bytes.length === size,
    `the weights must be ${size} bytes; the file has ${bytes.length} and the header says ${header.bytes}`,
    where,
  );
  const hash = hashBytes(bytes);
  must(
    hash === header.hash,
    `the hash of the weights must be ${header.hash}; it is ${hash}: the file is damaged`,
    where,
  );
}

/** Tensors one after the other, f32 little-endian. Throws LabError if a number is not finite. */
export function writeFloats(tensors: readonly (readonly [name: string, data: Float32Array])[]): Uint8Array {
  const bytes = new Uint8Array(4 * tensors.reduce((sum, [, data]) => sum + data.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [name, data] of tensors) {
    mustBeFiniteTensor(name, data);
    for (const value of data) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

/** Reads what {@link writeFloats} wrote: each call returns the next `count` numbers of the file. */
export function floatReader(bytes: Uint8Array, where: string): (name: string, count: number) => Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return (name, count) => {
    const data = Float32Array.from({ length: count }, (_, k) => view.getFloat32(at + 4 * k, true));
    at += 4 * count;
    mustBeFiniteTensor(name, data, where);
    return data;
  };
}

/** One point of a training's curve. */
export interface CurvePoint {
  readonly phase: 1 | 2;
  readonly step: number;
  /** Loss on the training chats, and on later chats. */
  readonly loss: number;
  readonly validation: number;
}
