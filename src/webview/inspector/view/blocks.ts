import { element } from './dom.ts';

/** What a block holds so far, for the estimate of its height only. */
export interface BlockSize {
  /** Pixels. */
  height(): number;
  reset(): void;
}

/** The tokens of a turn in blocks: those off screen are not laid out but estimated. */
export class Blocks {
  readonly #home: HTMLElement;
  readonly #className: string;
  readonly #size: BlockSize;
  #parent: HTMLElement;
  #block: HTMLElement | null = null;

  constructor(home: HTMLElement, className: string, size: BlockSize) {
    this.#home = this.#parent = home;
    this.#className = className;
    this.#size = size;
  }

  /** Into the open block, or a new one. */
  append(node: Node): void {
    if (this.#block === null) {
      this.#block = element('div', this.#className);
      this.#parent.append(this.#block);
    }
    this.#block.append(node);
  }

  /** What follows goes into a new block. */
  close(): void {
    this.estimate();
    this.#block = null;
    this.#size.reset();
  }

  estimate(): void {
    this.#block?.style.setProperty('contain-intrinsic-block-size', `auto ${this.#size.height()}px`);
  }

  cut(label: string): void {
    this.close();
    this.#parent.append(element('div', 'cutmark', label));
  }

  fold(label: string): void {
    this.close();
    const details = element('details', 'fold');
    details.append(element('summary', 'num', label));
    this.#parent = details;
    this.#home.append(details);
  }

  unfold(): void {
    this.close();
    this.#parent = this.#home;
  }
}
