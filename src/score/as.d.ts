/** An AssemblyScript file, compiled: gives the bytes of its WebAssembly module. */
declare module '*.as.ts?wasm' {
  const bytes: () => Uint8Array<ArrayBuffer>;
  export default bytes;
}
