declare global {
  // ES2024; in Node since 20 and in every browser that VS Code runs on.
  interface String {
    isWellFormed(): boolean;
    toWellFormed(): string;
  }
}

/** Lone surrogates become U+FFFD, one unit as well; Python cannot encode them at all. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}
