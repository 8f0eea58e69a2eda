import { figure as count, counted } from '../../core/checks/lib/words.ts';

/** How numbers are spoken everywhere in the extension. */
export { count, counted };

/** "31.4 M", "981 k", "812": short enough for one line. */
export const short = (value: number): string => {
  if (value < 10_000) return count(value);
  if (value < 1_000_000) return `${(value / 1000).toFixed(value < 100_000 ? 1 : 0)} k`;
  if (value < 1_000_000_000) return `${(value / 1_000_000).toFixed(1)} M`;
  return `${(value / 1_000_000_000).toFixed(1)} G`;
};

/** Whole percents, one digit below 10 where it says something: "40 %", "1.2 %". */
export const percent = (part: number, whole: number): string => {
  if (whole === 0) return '0 %';
  const share = (100 * part) / whole;
  return `${share >= 10 || share === 0 || Number.isInteger(share) ? Math.round(share) : share.toFixed(1)} %`;
};

/** Text as Markdown that shows it and nothing else: data must never become markup or a link. */
export const plainMarkdown = (text: string): string =>
  text.replace(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, '\\$&').replace(/\s+/g, ' ');
