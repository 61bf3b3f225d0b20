/** Bytes that can be read repeatedly: a File of the page, a path in Node, bytes in a test. */
export interface ByteSource {
  /** Name as the user knows it, for messages. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The bytes in pieces of any size. A piece is valid until the next one is requested. */
  open(): AsyncIterable<Uint8Array>;
  /** Random access to the bytes from `from` to before `to`. Without it a file is read as text. */
  slice?(this: void, from: number, to: number): Promise<ArrayBuffer>;
}

/** A source of bytes or text in memory. */
export function memorySource(name: string, content: Uint8Array | string, piece = 1 << 16): ByteSource {
  return blobSource(name, new Blob([content as BlobPart]), piece);
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
    slice: (from, to) => blob.slice(from, to).arrayBuffer(),
  };
}
