/** Where a line of a shader comes from. */
export interface SourceLine {
  /** Path in `shaders/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** A WGSL module with its includes in place. */
export interface Shader {
  /** Path in `shaders/`. */
  readonly file: string;
  readonly text: string;
  readonly lines: readonly SourceLine[];
}

/**
 * Resolves the lines `// #include "path"` of a file. A path starts in `shaders/`. A file that
 * several files include is included once, before the first that needs it.
 *
 * @param sources texts by path in `shaders/`.
 * @throws Error for a path that is not in `sources`.
 */
export function resolveShader(file: string, sources: Readonly<Record<string, string>>): Shader {
  const lines = [...expand(file, sources, new Set([file]))];
  return { file, text: lines.map((line) => line.text).join('\n'), lines };
}

function* expand(
  file: string,
  sources: Readonly<Record<string, string>>,
  included: Set<string>,
): Generator<SourceLine> {
  for (const [k, text] of sources[file].split('\n').entries()) {
    const path = /^\/\/ #include "(.+)"$/.exec(text)?.[1];
    if (path === undefined) {
      yield { file, line: k + 1, text };
      continue;
    }
    if (!(path in sources))
      throw new Error(
        `shaders/${file}:${k + 1}: there is no "${path}" to include; add it to src/gpu/shaders.ts`,
      );
    if (included.has(path)) continue;
    included.add(path);
    yield* expand(path, sources, included);
  }
}
