/**
 * While it loads, the toolkit adds an empty `<style>` to the head to learn whether `:focus-visible` is known. The page's
 * content security policy refuses that, with a report for each page, and the toolkit takes the refusal for a no. So until
 * it is loaded, such an element stays outside the page and carries a sheet of its own: the answer is right, and nothing
 * is refused.
 */
const { head } = document;
const append = head.appendChild.bind(head);
const remove = head.removeChild.bind(head);

head.appendChild = <T extends Node>(node: T): T => {
  if (!(node instanceof HTMLStyleElement)) return append(node);
  Object.defineProperty(node, 'sheet', { value: new CSSStyleSheet() });
  return node;
};
head.removeChild = <T extends Node>(node: T): T => (node.parentNode === head ? remove(node) : node);

export const endProbe = (): void => {
  Reflect.deleteProperty(head, 'appendChild');
  Reflect.deleteProperty(head, 'removeChild');
};
