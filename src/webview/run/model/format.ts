import { counted, figure as number } from '../../../core/checks/lib/words.ts';
import type { Figure } from '../../../core/runs/events.ts';
import type { Axis } from './axis.ts';

export { counted, number };

/** Three digits that count: 1.71, 0.0312, 12.4, 45,210, 1.97e-4; what is no number says what it is. */
export function figure(value: Figure | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string')
    return value === 'NaN' ? 'not a number' : value === 'Infinity' ? 'infinite' : '−infinite';
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? 'infinite' : '−infinite';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.01 || size >= 1e7) return value.toExponential(2).replace('e+', 'e');
  if (size >= 1000) return number(value);
  return value.toFixed(size < 0.1 ? 4 : size < 10 ? 2 : size < 100 ? 1 : 0);
}

/** The label of an axis: as few digits as tell it from its neighbors, `gap` apart. */
export function tick(value: number, gap: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e6) return `${trimmed(value / 1e6, gap / 1e6)}M`;
  if (size >= 10_000) return `${trimmed(value / 1000, gap / 1000)}k`;
  if (size < 0.001) return value.toExponential(digits(gap / 10 ** Math.floor(Math.log10(size))));
  return trimmed(value, gap);
}

const trimmed = (value: number, gap: number): string => value.toFixed(digits(gap));

/** Digits after the point that a number needs. */
function digits(n: number): number {
  for (let count = 0; count < 6; count++) {
    const shifted = n * 10 ** count;
    if (Math.abs(shifted - Math.round(shifted)) < 1e-6 * Math.max(1, shifted)) return count;
  }
  return 6;
}

/** Bytes in GB as drivers count them: 1024³. */
export const gigabytes = (bytes: number): string => {
  const value = bytes / 1024 ** 3;
  return `${value < 10 ? value.toFixed(1) : number(value)} GB`;
};

/** Seconds as `8 s`, `12:40`, `3:05:10`. */
export function duration(seconds: number): string {
  const all = Math.round(seconds);
  if (all < 60) return `${all} s`;
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(all / 60);
  return minutes < 60
    ? `${minutes}:${two(all % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(all % 60)}`;
}

/** A place on the horizontal axis. */
export function place(value: number, axis: Axis): string {
  switch (axis) {
    case 'step':
    case 'tokens':
      return number(value);
    case 'epoch':
      return value.toFixed(2);
    case 'time':
      return duration(value);
  }
}

/** `14:02` of milliseconds since 1970, in the zone of the person. */
export const clock = (ms: number): string =>
  new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
