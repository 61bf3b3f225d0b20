import type { ColumnMetaData, FileMetaData, PageHeader, RowGroup, SchemaElement } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { snappyUncompress } from 'hyparquet/src/snappy.js';

// One piece of code is loaded for both, when there is a Parquet file.
export { parquetMetadataAsync, parquetRead } from 'hyparquet';

/**
 * Bounds on what a Parquet file declares, checked before its pages are decoded: the reader makes
 * arrays and loops as long as they say. One damaged byte in a run length would keep it busy for
 * minutes. Formats: parquet.apache.org/docs/file-format and .../data-pages/encodings.
 */

/** Rows times columns per byte of the file, beyond a million: constant columns are small. */
const CELLS_PER_BYTE = 10_000;
const FEW_CELLS = 1_000_000;
/** Bytes of a page header, which may hold two long texts. */
const HEADER_BYTES = 1 << 16;
/** Snappy writes at most 64 bytes for 3 that it reads. */
const EXPANSION = 22;
const MAX_TYPE_LENGTH = 1 << 16;
/** Texts of a page that are told by what they share with the one before, bytes in all. */
const MAX_SHARED_BYTES = 1 << 28;
const MAX_BLOCK = 1 << 20;

/**
 * The bytes of the file's description: a number in it ends with a byte below 128, and the reader
 * takes quadratic time for one that does not end. Throws Error where one is too long.
 */
export async function checkFooter(
  size: number,
  slice: (from: number, to: number) => Promise<ArrayBuffer>,
): Promise<void> {
  const length = new DataView(await slice(size - 8, size - 4)).getUint32(0, true);
  if (length > size - 12) throw new Error(`it declares ${length} of ${size} bytes`);
  let run = 0;
  for (const byte of new Uint8Array(await slice(size - 8 - length, size - 8))) {
    run = byte < 0x80 ? 0 : run + 1;
    if (run > HEADER_BYTES) throw new Error(`a number has more than ${HEADER_BYTES} bytes`);
  }
}

/** Numbers of the file's description. Throws Error with what is wrong. */
export function checkDeclared(
  { row_groups: groups, schema, num_rows: total }: FileMetaData,
  size: number,
): void {
  // A damaged kind of a field gives a value of another type.
  const isCount = (x: unknown) => typeof x === 'bigint' && x >= 0n;
  if (!isCount(total)) throw new Error(`it declares ${total} rows`);
  let [bytes, cells] = [0, 0];
  for (const { columns, num_rows: rows } of groups) {
    if (!isCount(rows)) throw new Error(`a row group declares ${rows} rows`);
    if (columns.length !== schema.length - 1)
      throw new Error(`a row group has ${columns.length} columns, the file ${schema.length - 1}`);
    cells += Number(rows) * columns.length;
    for (const { meta_data: column } of columns) {
      if (column === undefined) continue;
      if (column.num_values !== rows)
        throw new Error(`a column declares ${column.num_values} values for ${rows} rows`);
      const { from, to } = rangeOf(column);
      if (!(from >= 4 && to >= from && to <= size))
        throw new Error(`a column lies from byte ${from} to ${to} of ${size}`);
      bytes += to - from;
    }
  }
  if (bytes > size) throw new Error(`its columns have ${bytes} bytes, the file ${size}`);
  if (cells > FEW_CELLS + CELLS_PER_BYTE * size)
    throw new Error(`it declares ${cells} cells in ${size} bytes`);
  for (const { name, type_length: length = 0 } of schema)
    if (length < 0 || length > MAX_TYPE_LENGTH)
      throw new Error(`values of column ${name} are declared to have ${length} bytes`);
}

function rangeOf(column: ColumnMetaData): { from: number; to: number } {
  const { dictionary_page_offset: dictionary, data_page_offset: data, total_compressed_size: bytes } = column;
  const from = Number(dictionary || data);
  return { from, to: from + Number(bytes) };
}

/** Walks the pages of a row group. Throws Error where one declares more than it can hold. */
export async function checkPages(
  group: RowGroup,
  schema: readonly SchemaElement[],
  slice: (from: number, to: number) => Promise<ArrayBuffer>,
): Promise<void> {
  for (const { meta_data: column } of group.columns) {
    if (column === undefined) throw new Error('a column has no description');
    const name = column.path_in_schema.join('.');
    const element = schema.find((e, k) => k > 0 && e.name === name);
    if (element === undefined) throw new Error(`there is no column ${name}`);
    const { from, to } = rangeOf(column);
    try {
      checkColumn(new Uint8Array(await slice(from, to)), column, element, Number(group.num_rows));
    } catch (error) {
      throw new Error(`column ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function checkColumn(
  bytes: Uint8Array<ArrayBuffer>,
  { codec }: ColumnMetaData,
  element: SchemaElement,
  rows: number,
): void {
  let [at, seen] = [0, 0];
  while (seen < rows) {
    if (at >= bytes.length) throw new Error(`its pages hold ${seen} of ${rows} values`);
    const view = new DataView(bytes.buffer, at, Math.min(HEADER_BYTES, bytes.length - at));
    const reader = { view, offset: 0 };
    const header = parquetHeader(reader);
    at += reader.offset;
    const { compressed_page_size: packed, uncompressed_page_size: size } = header;
    if (!(packed >= 0 && packed <= bytes.length - at))
      throw new Error(`a page declares ${packed} bytes, of which there are ${bytes.length - at}`);
    const most = codec === 'SNAPPY' ? EXPANSION * packed + 64 : packed;
    if (!(size >= 0 && size <= most)) throw new Error(`a page of ${packed} bytes declares ${size} unpacked`);
    const left = rows - seen;
    seen += checkPage(bytes.subarray(at, at + packed), header, element, codec === 'SNAPPY', left);
    at += packed;
  }
}

/** @returns the number of its values. */
function checkPage(
  packed: Uint8Array<ArrayBuffer>,
  header: PageHeader,
  element: SchemaElement,
  isSnappy: boolean,
  left: number,
): number {
  const { uncompressed_page_size: size, data_page_header: v1, data_page_header_v2: v2 } = header;
  const unpack = (bytes: Uint8Array<ArrayBuffer>, length: number) => {
    if (!isSnappy || length === 0) return bytes;
    const page = new Uint8Array(length);
    snappyUncompress(bytes, page);
    return page;
  };
  if (header.type === 'DICTIONARY_PAGE') {
    const count = header.dictionary_page_header?.num_values ?? -1;
    if (!(count >= 0 && count <= size)) throw new Error(`a dictionary of ${size} bytes has ${count} entries`);
    return 0;
  }
  const declared = header.type === 'DATA_PAGE' ? v1 : header.type === 'DATA_PAGE_V2' ? v2 : undefined;
  if (declared === undefined) throw new Error(`a page has the type ${header.type}`);
  const { num_values: count, encoding } = declared;
  if (!(count >= 0 && count <= left)) throw new Error(`a page declares ${count} of ${left} values`);
  const isOptional = element.repetition_type !== 'REQUIRED';
  if (v2 !== undefined && header.type === 'DATA_PAGE_V2') {
    const [repetition, levels] = [v2.repetition_levels_byte_length, v2.definition_levels_byte_length];
    const rest = size - repetition - levels;
    if (v2.num_rows !== count || !(v2.num_nulls >= 0 && v2.num_nulls <= count))
      throw new Error(`a page declares ${v2.num_rows} rows and ${v2.num_nulls} nulls of ${count} values`);
    if (!(repetition >= 0 && levels >= 0 && repetition + levels <= packed.length && rest >= 0))
      throw new Error(`a page of ${size} bytes declares levels of ${repetition} and ${levels}`);
    const ones = isOptional ? new Runs(packed, repetition, repetition + levels).count(1, count) : count;
    if (ones !== count - v2.num_nulls) throw new Error(`a page declares ${v2.num_nulls} nulls`);
    const behind = packed.subarray(repetition + levels);
    const page = v2.is_compressed === false ? behind : unpack(behind, rest);
    checkValues(page, 0, ones, encoding, element);
    return count;
  }
  const page = unpack(packed, size);
  let at = 0;
  let values = count;
  if (isOptional) {
    const end = 4 + lengthAt(page, 0);
    values = new Runs(page, 4, end).count(1, count);
    at = end;
  }
  checkValues(page, at, values, encoding, element);
  return count;
}

function checkValues(
  page: Uint8Array<ArrayBuffer>,
  at: number,
  count: number,
  encoding: string,
  { type, type_length: length = 0 }: SchemaElement,
): void {
  const rest = page.length - at;
  switch (encoding) {
    case 'PLAIN':
      // Numbers and texts end with the page: reading beyond it is an error at once.
      return;
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY':
    case 'RLE': {
      if (type === 'BOOLEAN') new Runs(page, at + 4, at + 4 + lengthAt(page, at)).count(1, count);
      else if (count > 0) {
        const width = page[at];
        if (!(width <= 32)) throw new Error(`a page has indices of ${width} bits`);
        if (width > 0) new Runs(page, at + 1, page.length).count(width, count);
      }
      return;
    }
    case 'BYTE_STREAM_SPLIT': {
      const bytes = count * (type === 'FIXED_LEN_BYTE_ARRAY' ? length : 4);
      if (bytes > rest) throw new Error(`a page of ${rest} bytes declares ${bytes} bytes of values`);
      return;
    }
    case 'DELTA_BINARY_PACKED':
    case 'DELTA_LENGTH_BYTE_ARRAY':
    case 'DELTA_BYTE_ARRAY': {
      const reader = { view: new DataView(page.buffer, page.byteOffset + at, rest), offset: 0 };
      checkBlocks(page, at);
      if (encoding !== 'DELTA_BYTE_ARRAY') return;
      const [shared, own] = [new Int32Array(count), new Int32Array(count)];
      deltaBinaryUnpack(reader, count, shared);
      checkBlocks(page, at + reader.offset);
      deltaBinaryUnpack(reader, count, own);
      let [before, sum] = [0, 0];
      for (let k = 0; k < count; k++) {
        if (!(shared[k] >= 0 && shared[k] <= before && own[k] >= 0 && own[k] <= rest))
          throw new Error(`a text shares ${shared[k]} bytes with one of ${before}`);
        before = shared[k] + own[k];
        sum += before;
        if (sum > MAX_SHARED_BYTES)
          throw new Error(`the texts of a page have over ${MAX_SHARED_BYTES} bytes`);
      }
      return;
    }
    default:
      throw new Error(`a page has the encoding ${encoding}, which is not read`);
  }
}

/** The head of packed differences: the reader makes an array as long as a block has parts. */
function checkBlocks(page: Uint8Array, at: number): void {
  const head = new Runs(page, at, page.length);
  const [block, parts] = [head.varint(), head.varint()];
  if (!(block > 0 && block <= MAX_BLOCK && parts > 0 && parts <= block))
    throw new Error(`blocks of ${block} values have ${parts} parts`);
}

function lengthAt(page: Uint8Array, at: number): number {
  if (at + 4 > page.length) throw new Error('a page ends in the length of its levels');
  const length = new DataView(page.buffer, page.byteOffset + at, 4).getUint32(0, true);
  if (length > page.length - at - 4)
    throw new Error(`levels of ${length} bytes stand in a page of ${page.length}`);
  return length;
}

/** Runs of equal and of packed numbers, from one byte of a page to before another. */
class Runs {
  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
    private readonly end: number,
  ) {}

  /** Walks `count` numbers of `width` bits and returns how many are 1, where the width is 1. */
  count(width: number, count: number): number {
    let [seen, ones] = [0, 0];
    while (seen < count) {
      const head = this.varint();
      const isPacked = (head & 1) === 1;
      const run = isPacked ? (head >>> 1) * 8 : head >>> 1;
      const bytes = isPacked ? (head >>> 1) * width : (width + 7) >> 3;
      // Packed numbers come in blocks, of 8 or more, that the last ones need not fill. Some writers
      // leave out the last bytes.
      const isThere = isPacked && this.at + bytes <= this.end;
      if (this.at >= this.end || !(isThere || run < count - seen + 8))
        throw new Error(`a run declares ${run} of ${count - seen} values`);
      const used = Math.min(run, count - seen);
      if (width === 1)
        for (let k = 0; k < used; k++)
          ones += isPacked ? ((this.bytes[this.at + (k >> 3)] ?? 0) >> (k & 7)) & 1 : this.bytes[this.at];
      this.at += bytes;
      seen += used;
    }
    return ones;
  }

  /** LEB128 of at most 32 bits. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.end) throw new Error('a page ends in the middle of a number');
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Error('a number of a page has more than 32 bits');
  }
}
