/** Milliseconds between two sentences about a run that goes on. */
const PAUSE = 10_000;

/** What a screen reader hears while no focus moves. */
export interface Speaker {
  /** When there is time: an older sentence that was not said gives way. */
  tell(sentence: string): void;
  /** At once: an end, or a health notice. */
  warn(sentence: string): void;
}

export function createSpeaker(polite: () => HTMLElement | null, assertive: () => HTMLElement | null): Speaker {
  let said = Number.NEGATIVE_INFINITY;
  let waiting: string | null = null;
  let timer = 0;
  const say = (): void => {
    timer = 0;
    const region = polite();
    if (waiting === null || region === null) return;
    if (region.textContent !== waiting) region.textContent = waiting;
    waiting = null;
    said = performance.now();
  };
  return {
    tell(sentence) {
      waiting = sentence;
      if (timer === 0) timer = window.setTimeout(say, Math.max(0, said + PAUSE - performance.now()));
    },
    warn(sentence) {
      const region = assertive();
      if (region !== null) region.textContent = sentence;
    },
  };
}
