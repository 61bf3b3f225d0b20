/** The readable form of a result that brings its own lines. */
export const printLines = ({ lines }: { readonly lines: readonly string[] }): string => lines.join('\n');
