import type { LineStyle } from '../model/lines.ts';
import { PLOT_TITLES, PLOTS, type PlotName } from '../model/lines.ts';
import { penOf } from './draw-lines.ts';
import type { PlotTheme } from './theme.ts';

export interface PictureInput {
  readonly title: string;
  /** Under the title. */
  readonly facts: string;
  readonly legend: readonly { readonly style: LineStyle; readonly label: string }[];
  /** What stands beside the title of each plot. */
  readonly reading: (name: PlotName) => string;
  readonly canvas: (name: PlotName) => HTMLCanvasElement | null;
  readonly theme: PlotTheme;
  /** Pixels of the canvas in one of the page. */
  readonly ratio: number;
}

const EDGE = 16;
const LINE = 20;
const COLUMNS = 3;

/** The plots as they are on the page, with titles and legend, as a PNG in base64. Null: nothing is drawn. */
export function picture({ title, facts, legend, reading, canvas, theme, ratio }: PictureInput): string | null {
  const large = canvas('loss');
  const small = PLOTS.flatMap((name) => {
    const one = name === 'loss' ? null : canvas(name);
    return one === null ? [] : [{ name, one }];
  });
  const width = Math.max(640, (large?.width ?? 0) / ratio);
  const cell = (width - (COLUMNS - 1) * EDGE) / COLUMNS;
  const heightOf = (one: HTMLCanvasElement): number => (one.height / one.width) * cell;
  const rows = Math.ceil(small.length / COLUMNS);
  const rowHeight = Math.max(0, ...small.map(({ one }) => heightOf(one))) + LINE + EDGE;
  const top = EDGE + 3 * LINE;
  const lossHeight = large === null ? 0 : large.height / ratio + LINE + EDGE;
  if (large === null && small.length === 0) return null;

  const made = document.createElement('canvas');
  made.width = Math.round((width + 2 * EDGE) * ratio);
  made.height = Math.round((top + lossHeight + rows * rowHeight + EDGE) * ratio);
  const ctx = made.getContext('2d');
  if (ctx === null) return null;
  ctx.scale(ratio, ratio);
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, made.width, made.height);
  const text = (words: string, x: number, y: number, font: string, color: string): number => {
    ctx.font = `${font} ${theme.font}`;
    ctx.fillStyle = color;
    ctx.fillText(words, x, y);
    return ctx.measureText(words).width;
  };
  text(title, EDGE, EDGE + 14, '600 16px', theme.strong);
  text(facts, EDGE, EDGE + 14 + LINE, '12px', theme.dim);
  if (large !== null) {
    const at = text(PLOT_TITLES.loss, EDGE, top + 8, '600 13px', theme.strong);
    text(reading('loss'), EDGE + at + 10, top + 8, '12px', theme.dim);
    ctx.drawImage(large, EDGE, top + EDGE, large.width / ratio, large.height / ratio);
    let x = EDGE + 46;
    const y = top + EDGE + large.height / ratio + LINE - 6;
    for (const { style, label } of legend) {
      const pen = penOf(style, theme, false);
      ctx.save();
      ctx.strokeStyle = pen.color;
      ctx.globalAlpha = pen.strength;
      ctx.lineWidth = pen.width;
      ctx.setLineDash([...pen.dash]);
      ctx.beginPath();
      ctx.moveTo(x, y - 4);
      ctx.lineTo(x + 20, y - 4);
      ctx.stroke();
      ctx.restore();
      x += 26 + text(label, x + 26, y, '12px', theme.text) + EDGE;
    }
  }
  for (const [i, { name, one }] of small.entries()) {
    const x = EDGE + (i % COLUMNS) * (cell + EDGE);
    const y = top + lossHeight + EDGE + Math.floor(i / COLUMNS) * rowHeight;
    const at = text(PLOT_TITLES[name], x, y + 8, '12px', theme.dim);
    text(reading(name), x + at + 8, y + 8, '600 12px', theme.strong);
    ctx.drawImage(one, x, y + EDGE, cell, heightOf(one));
  }
  return made.toDataURL('image/png').split(',')[1] ?? null;
}
