import { LabError } from '../errors.ts';
import { placeIn, placeText } from './place.ts';

/** Text of some bytes, and what is wrong directly after it. */
export interface Decoded {
  readonly text: string;
  readonly fault?: string;
}

const BINARY = /\0/;

const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Says that bytes are UTF-16, with or without a byte order mark; undefined where they are not. */
export function wideEncoding(bytes: Uint8Array): string | undefined {
  const [a, b] = bytes;
  const marked = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  const head = bytes.subarray(0, 16);
  const zeros = (from: number) => head.every((byte, i) => (i % 2 === from) === (byte === 0));
  const unmarked = head.length >= 4 && head.length % 2 === 0 && (zeros(0) || zeros(1));
  return marked || unmarked ? 'the file is UTF-16; save it as UTF-8' : undefined;
}

/**
 * Decodes a file piece by piece as UTF-8 without its byte order mark, and checks that it is text.
 */
export class TextDecoding {
  #pending: Uint8Array = new Uint8Array(0);
  #started = false;
  readonly #forbidden: RegExp;

  /** `strict` refuses all control characters except tab, LF and CR; otherwise only NUL. */
  constructor(strict: boolean) {
    this.#forbidden = strict ? CONTROL : BINARY;
  }

  /** The text of the next piece. After a fault nothing more may be decoded. */
  decode(piece: Uint8Array): Decoded {
    const bytes = this.#pending.length === 0 ? piece : joined(this.#pending, piece);
    const cut = lastBoundary(bytes);
    // A copy: the piece is valid only until the next one is requested.
    this.#pending = bytes.slice(cut);
    return this.#text(bytes.subarray(0, cut));
  }

  /** Says whether the file ended in the middle of a character. */
  end(): Decoded {
    return this.#pending.length === 0
      ? { text: '' }
      : { text: '', fault: 'the file ends in the middle of a character; save it as UTF-8' };
  }

  #text(bytes: Uint8Array): Decoded {
    if (!this.#started && bytes.length > 0) {
      const wide = wideEncoding(bytes);
      if (wide !== undefined) return { text: '', fault: wide };
    }
    const { text, fault } = decodeUtf8(bytes);
    const own = !this.#started && text.startsWith('\ufeff') ? text.slice(1) : text;
    this.#started ||= bytes.length > 0;
    const bad = own.search(this.#forbidden);
    if (bad < 0) return fault === undefined ? { text: own } : { text: own, fault };
    const code = own.charCodeAt(bad);
    return {
      text: own.slice(0, bad),
      fault: `${code === 0 ? 'a NUL character' : `a control character (code ${code})`} stands here: this is not a text file`,
    };
  }
}

/**
 * The whole text of a file. Throws LabError with file, line and column where it is not UTF-8 text.
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const decoding = new TextDecoding(true);
  const { text, fault = decoding.end().fault } = decoding.decode(bytes);
  if (fault !== undefined) throw new LabError(fault, placeText(file, placeIn(text, text.length, 1)));
  return text;
}

function decodeUtf8(bytes: Uint8Array): Decoded {
  const decode = (length: number, fatal: boolean) =>
    new TextDecoder('utf-8', { fatal, ignoreBOM: true }).decode(bytes.subarray(0, length), { stream: true });
  try {
    return { text: decode(bytes.length, true) };
  } catch {
    // Bisect to the longest valid beginning; streaming leaves out a character that it cuts.
    let [valid, invalid] = [0, bytes.length];
    while (invalid - valid > 1) {
      const middle = (valid + invalid) >> 1;
      try {
        decode(middle, true);
        valid = middle;
      } catch {
        invalid = middle;
      }
    }
    return { text: decode(valid, false), fault: 'the bytes here are not UTF-8 text; save the file as UTF-8' };
  }
}

/** End of the last whole UTF-8 character: the next piece may continue the one after it. */
function lastBoundary(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
