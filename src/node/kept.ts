/** How much stays loaded in a worker: engines, and tokenizers among which they are shared. */
export interface Bounds {
  readonly engines: number;
  readonly tokenizers: number;
}

/** The engines to keep of those that were used, the last one last, each with its tokenizer: the latest within the bounds. */
export function keptOf<K>(used: readonly (readonly [engine: K, tokenizer: string])[], most: Bounds): ReadonlySet<K> {
  const tokenizers = new Set<string>();
  const kept = new Set<K>();
  for (const [engine, tokenizer] of used.toReversed()) {
    const fits = tokenizers.has(tokenizer) || tokenizers.size < most.tokenizers;
    if (!fits || kept.size >= most.engines) continue;
    tokenizers.add(tokenizer);
    kept.add(engine);
  }
  return kept;
}
