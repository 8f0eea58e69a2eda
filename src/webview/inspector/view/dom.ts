/** An element with a class and a text. Row text is untrusted: it only ever becomes a text node. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  text?: string | number,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  if (text !== undefined) made.textContent = String(text);
  return made;
}

/** The token under an event, -1 for none. */
export function tokenUnder(event: Event): number {
  const { target } = event;
  const token = target instanceof Element ? target.closest<HTMLElement>('[data-i]') : null;
  return token === null ? -1 : Number(token.dataset['i']);
}
