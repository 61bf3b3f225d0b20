import { LabError } from '../../base/errors.ts';

/** A file that can be read from its beginning as often as needed: a File of the page, a path in Node, bytes in a test. */
export interface ByteSource {
  /** As the person knows it, for messages. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The bytes in pieces of any size. A piece belongs to the reader until the next is asked for. */
  open(): AsyncIterable<Uint8Array>;
}

/** A source of bytes or text at hand. */
export function memorySource(name: string, content: Uint8Array | string, piece = 1 << 16): ByteSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    name,
    size: bytes.length,
    // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous, these bytes are at hand
    async *open() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
  };
}

/** A source of a Blob or File. */
export function blobSource(name: string, blob: Blob, piece = 1 << 20): ByteSource {
  return {
    name,
    size: blob.size,
    async *open() {
      for (let at = 0; at < blob.size; at += piece)
        yield new Uint8Array(await blob.slice(at, at + piece).arrayBuffer());
    },
  };
}

/** Pieces of text of a source. Throws LabError with the line where it is not UTF-8 text. */
export async function* textOf(source: ByteSource): AsyncGenerator<{ text: string; bytes: number }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  let line = 1;
  for await (const piece of source.open()) {
    if (bytes === 0) refuseUtf16(piece, source.name);
    const nul = piece.indexOf(0);
    if (nul >= 0)
      throw new LabError(
        'a NUL byte stands here: this is not a text file; export the table as CSV (UTF-8)',
        `${source.name}:${line + linesIn(piece.subarray(0, nul))}:1`,
      );
    let text: string;
    try {
      text = decoder.decode(piece, { stream: true });
    } catch {
      throw notUtf8(piece, line, source.name);
    }
    bytes += piece.length;
    yield { text, bytes };
    line += linesIn(piece);
  }
  try {
    const rest = decoder.decode();
    if (rest !== '') yield { text: rest, bytes };
  } catch {
    throw new LabError(
      'the file ends in the middle of a character; save it again as UTF-8',
      `${source.name}:${line}:1`,
    );
  }
}

function refuseUtf16(piece: Uint8Array, name: string): void {
  if ((piece[0] === 0xff && piece[1] === 0xfe) || (piece[0] === 0xfe && piece[1] === 0xff))
    throw new LabError('the file is UTF-16; save it as CSV in UTF-8', `${name}:1:1`);
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
}

/** The line of the first byte that is not UTF-8: no line feed lies inside a character, so lines can be tried one by one. */
function notUtf8(piece: Uint8Array, firstLine: number, name: string): LabError {
  let line = firstLine;
  let start = 0;
  for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) {
    try {
      // What is left of the piece before may begin the first line: it is not tried.
      if (start > 0) new TextDecoder('utf-8', { fatal: true }).decode(piece.subarray(start, at));
    } catch {
      break;
    }
    start = at + 1;
    line++;
  }
  return new LabError(
    'the bytes here are not UTF-8 text; save the file as CSV in UTF-8',
    `${name}:${line}:1`,
  );
}
