import type { LossLayer, TokenLoss } from '../../../core/protocol.ts';

export type LossName = LossLayer['name'];

export const LOSS_WORDS: Readonly<Record<LossName, string>> = {
  base: 'Base',
  tuned: 'Tuned',
  difference: 'Difference',
};

/** Nats from which a bar is one step higher; below the first there is none. */
const STEPS: Readonly<Record<LossName, readonly number[]>> = {
  base: [0.5, 1, 2, 4],
  tuned: [0.5, 1, 2, 4],
  difference: [0.1, 0.5, 1, 2],
};

/** A bar over a token: its height, 1 to 4, and whether the model got worse at the token. */
export interface LossBar {
  readonly height: 1 | 2 | 3 | 4;
  readonly worse: boolean;
}

/** Null: too little to show, or not known. */
export function lossBar({ name, values }: LossLayer, i: number): LossBar | null {
  const value = values[i] ?? Number.NaN;
  if (Number.isNaN(value)) return null;
  const height = STEPS[name].filter((step) => Math.abs(value) >= step).length;
  if (height === 0 || (name !== 'difference' && value < 0)) return null;
  return { height: height as LossBar['height'], worse: name === 'difference' && value > 0 };
}

/** The class of a token with that bar; empty: none. */
export function lossClass(layer: LossLayer | null, i: number): string {
  const bar = layer === null ? null : lossBar(layer, i);
  return bar === null ? '' : `loss-${bar.height}${bar.worse ? ' loss-worse' : ''}`;
}

/** What the heights mean: "0.5 to 1", "over 4 nats". */
export function lossSteps(name: LossName): readonly { readonly height: number; readonly label: string }[] {
  const steps = STEPS[name];
  return steps.map((from, i) => {
    const to = steps[i + 1];
    return { height: i + 1, label: to === undefined ? `over ${from} nats` : `${from} to ${to}` };
  });
}

/** "loss 2.31, base 4.10"; empty where nothing is known of the token. */
export function lossText(loss: TokenLoss | null, i: number): string {
  const parts: string[] = [];
  for (const name of ['tuned', 'base', 'difference'] as const) {
    const value = loss?.layers.find((layer) => layer.name === name)?.values[i];
    if (value === undefined || Number.isNaN(value)) continue;
    if (name === 'tuned') parts.push(`loss ${nats(value)}`);
    else if (name === 'base') parts.push(parts.length === 0 ? `base loss ${nats(value)}` : `base ${nats(value)}`);
    // Two numbers say their difference.
    else if (parts.length < 2) parts.push(`${value > 0 ? 'worse' : 'better'} by ${nats(Math.abs(value))}`);
  }
  return parts.join(', ');
}

const nats = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : 'infinite');

/** The layer that is drawn: the one that was chosen, else the first. */
export const shownLayer = (loss: TokenLoss | null, wanted: LossName | 'off' | null): LossLayer | null =>
  loss === null || wanted === 'off'
    ? null
    : (loss.layers.find(({ name }) => name === wanted) ?? loss.layers[0] ?? null);

/** Whether two losses draw the same. */
export function sameLoss(a: TokenLoss | null, b: TokenLoss | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.run === b.run &&
    a.from === b.from &&
    a.layers.length === b.layers.length &&
    a.layers.every(({ name, values }, l) => {
      const other = b.layers[l];
      return (
        other?.name === name &&
        other.values.length === values.length &&
        values.every((value, i) => Object.is(value, other.values[i]))
      );
    })
  );
}
