import { createReadStream, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { LabError } from '../../base/errors.ts';
import { readTable, type CsvFile } from '../../base/text/csv.ts';
import { memorySource, type ByteSource } from '../../base/text/source.ts';

/** The name by which messages call a file: "-" is standard input. */
export function fileName(path: string): string {
  return path === '-' ? 'standard input' : path;
}

/**
 * All bytes of a file, a pipe, or standard input for "-". `missing` is said of a path that does not
 * exist. @throws LabError.
 */
export async function readInput(path: string, missing?: string): Promise<Uint8Array> {
  try {
    return path === '-' ? await buffer(process.stdin) : await readFile(path);
  } catch (error) {
    const reason = codeOf(error) === 'ENOENT' ? missing : undefined;
    throw new LabError(reason ?? `cannot be read: ${systemReason(error)}`, fileName(path));
  }
}

/** The whole table in a CSV or Parquet file, or on standard input for "-". @throws LabError. */
export async function readTableFile(path: string): Promise<CsvFile> {
  return readTable(await readInput(path), fileName(path));
}

/**
 * A file to be read in pieces, several times. A pipe is kept in memory, because it can be read only
 * once.
 */
export async function openSource(path: string): Promise<ByteSource> {
  try {
    const stat = path === '-' ? undefined : statSync(path);
    if (stat?.isFile())
      return {
        ...{ name: path, size: stat.size },
        open: () => createReadStream(path, { highWaterMark: 1 << 18 }),
        async slice(from, to) {
          if (from >= to) return new ArrayBuffer(0);
          const part = await buffer(createReadStream(path, { start: from, end: to - 1 }));
          return part.buffer.slice(part.byteOffset, part.byteOffset + part.length);
        },
      };
  } catch (error) {
    throw new LabError(`cannot be read: ${systemReason(error)}`, path);
  }
  return memorySource(fileName(path), await readInput(path));
}

/**
 * Makes the folder and checks that files can be written into it, before any work. @throws LabError.
 */
export function prepareFolder(folder: string): void {
  const probe = join(folder, `.lab-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(probe, '.');
    rmSync(probe);
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

/** @throws LabError. */
export async function writeOutput(
  path: string,
  content: string | Uint8Array | Iterable<string>,
): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Opens a file to write it piece by piece. @throws LabError, also from its functions. */
export async function openOutput(path: string) {
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw cannotWrite(path, error);
    }
  };
  const file = await attempt(() => open(path, 'w'));
  return {
    write: (bytes: Uint8Array) => attempt(() => file.writeFile(bytes)),
    close: () => attempt(() => file.close()),
  };
}

/** Writes to standard output or standard error and waits until the system has taken it. */
export function writeStream(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error) reject(isClosedPipe(error) ? error : cannotWrite('standard output', error));
      else resolve();
    });
  });
}

/** Whether the reader of a pipe has gone, as in `lab ... | head`. */
export function isClosedPipe(error: unknown): boolean {
  return codeOf(error) === 'EPIPE';
}

/** The error of a failed write, in words. */
export function cannotWrite(where: string, error: unknown): LabError {
  return new LabError(`cannot be written: ${systemReason(error)}`, where);
}

const reasons = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'a part of its path is not a folder'],
  ['EISDIR', 'it is a folder'],
  ['EEXIST', 'it is a file, not a folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'no space is left on the device'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EFBIG', 'the file is too large'],
  ['ERR_FS_FILE_TOO_LARGE', 'it is larger than 2 GiB'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['ELOOP', 'its symbolic links go in a circle'],
  ['EMFILE', 'too many files are open'],
  ['EIO', 'the device failed'],
  ['ENXIO', 'it is not open'],
]);

/** The system's reason in words; never Node's own text. */
function systemReason(error: unknown): string {
  const code = codeOf(error);
  return reasons.get(code) ?? `the system says ${code || 'nothing'}`;
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
