import { defaultLearningRate, hasAdapters } from './defaults.ts';
import type { JsonObject, Method, RunSpec } from './spec.ts';

/** What a person chose for a new run; everything else keeps its default. */
export interface NewSpec {
  readonly model: string;
  /** Relative to the spec, with `/`. */
  readonly train: string;
  readonly eval: RunSpec['data']['eval'];
  readonly method: Method;
  readonly target: string;
  /** Adapters for `dpo` and `kto`, too. */
  readonly adapters?: boolean;
  /** Besides the ones that are written anyhow. */
  readonly args?: JsonObject;
  readonly maxLength?: number;
}

/** 2e-4 as people write it. */
const rate = (value: number): string => value.toExponential();

/** The text of a new run spec, with comments that say what may be changed. */
export function makeSpecText(spec: NewSpec): string {
  const { method } = spec;
  const adapters = hasAdapters(method, spec.adapters === true ? {} : null);
  const more = Object.entries(spec.args ?? {}).map(([key, value]): Line => [key, JSON.stringify(value)]);
  const given = new Set(more.map(([key]) => key));
  const usual: readonly Line[] = [
    ['num_train_epochs', '3'],
    ['learning_rate', rate(defaultLearningRate(method, adapters)), `usual for ${NAMES[method]}`],
  ];
  const args = [...usual.filter(([key]) => !given.has(key)), ...more];
  const evaluated = spec.eval === null ? 'null' : JSON.stringify(spec.eval);
  const entries: Line[] = [
    ['model', JSON.stringify(spec.model)],
    [
      'data',
      block([
        ['train', JSON.stringify(spec.train)],
        [
          'eval',
          evaluated,
          typeof spec.eval === 'number'
            ? 'share of the rows that is held out; or a file'
            : spec.eval === null
              ? 'a file, or a share of the rows such as 0.05'
              : '',
        ],
      ]),
    ],
    ['method', JSON.stringify(method), 'full, lora, qlora, dpo or kto'],
    ['args', block(args), "TRL's own arguments; what is not named keeps its default"],
    ...(adapters && (method === 'dpo' || method === 'kto')
      ? [['peft', '{}', 'adapters; remove it to train every weight'] as Line]
      : []),
    ...(spec.maxLength === undefined ? [] : [['maxLength', String(spec.maxLength)] as Line]),
    ['target', JSON.stringify(spec.target)],
  ];
  return `${block(entries, '')}\n`;
}

const NAMES: Readonly<Record<Method, string>> = {
  full: 'full training',
  lora: 'LoRA',
  qlora: 'QLoRA',
  dpo: 'DPO',
  kto: 'KTO',
};

/** Key, value as JSON, comment. */
type Line = readonly [key: string, value: string, comment?: string];

/** An object, a key a line. A comment stands at the end of its line; that of an object before it. */
function block(lines: readonly Line[], indent = '  '): string {
  const inner = `${indent}  `;
  const text = lines.map(([key, value, comment], i) => {
    const end = i < lines.length - 1 ? ',' : '';
    const tail = comment ? ` // ${comment}` : '';
    return value.startsWith('{\n')
      ? `${comment ? `${inner}// ${comment}\n` : ''}${inner}${JSON.stringify(key)}: ${value}${end}`
      : `${inner}${JSON.stringify(key)}: ${value}${end}${tail}`;
  });
  return lines.length === 0 ? '{}' : `{\n${text.join('\n')}\n${indent}}`;
}
