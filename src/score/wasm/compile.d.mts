/**
 * @param id path of an imported file, with its query.
 * @returns for `x.as.ts?wasm`, a JavaScript module whose default export gives the bytes of the compiled module; otherwise undefined.
 */
export function assemblyScript(id: string): Promise<string | undefined>;

/** The compiled module itself, for `x.as.ts?wasm`. */
export function wasmOf(id: string): Promise<Buffer<ArrayBuffer> | undefined>;
