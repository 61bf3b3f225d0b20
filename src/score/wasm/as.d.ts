/** An AssemblyScript file, compiled: the bytes of its WebAssembly module. */
declare module '*.as.ts?wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
