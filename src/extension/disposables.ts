/** Owns what it is given and ends it all, the last first. */
export class Disposables {
  readonly #owned: { dispose(): unknown }[] = [];
  #disposed = false;

  add<T extends { dispose(): unknown }>(owned: T): T {
    if (this.#disposed) owned.dispose();
    else this.#owned.push(owned);
    return owned;
  }

  dispose(): void {
    this.#disposed = true;
    for (const owned of this.#owned.splice(0).reverse()) owned.dispose();
  }
}
