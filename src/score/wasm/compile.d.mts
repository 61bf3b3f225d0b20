/**
 * @param id path of an imported file, with its query.
 * @returns for `x.as.ts?wasm`, a JavaScript module whose default export is the bytes of the compiled module; otherwise undefined.
 */
export function assemblyScript(id: string): Promise<string> | undefined;
