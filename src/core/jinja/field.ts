import { cut, plain, type Text, TextWriter } from '../origin/traced.ts';
import { codePointLength } from './operators.ts';
import { checkSize } from './runtime.ts';

/** A formatted value before it is padded, and whether it is a number: zeros then go behind its sign. */
export interface Field {
  readonly text: Text;
  readonly numeric: boolean;
}

/** The first `count` code points. */
export function firstPoints(text: Text, count: number): Text {
  let units = 0;
  let points = 0;
  for (const c of plain(text)) {
    if (points++ >= count) break;
    units += c.length;
  }
  return cut(text, 0, units);
}

/** `width` counts code points. */
export function padded(field: Field, width: number, align: string, fill: string): Text {
  const missing = width - codePointLength(plain(field.text));
  if (missing <= 0) return field.text;
  checkSize(missing);
  const out = new TextWriter();
  const value = plain(field.text);
  const sign = align === '=' ? /^[-+ ]?(?:0[xXob])?/.exec(value)![0].length : 0;
  const left = align === '<' ? 0 : align === '^' ? Math.floor(missing / 2) : missing;
  out.write(cut(field.text, 0, sign));
  out.write(fill.repeat(left));
  out.write(cut(field.text, sign, value.length));
  out.write(fill.repeat(missing - left));
  return out.value();
}
