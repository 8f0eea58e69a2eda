const two = (value: number): string => String(value).padStart(2, '0');

/** `YYYYMMDD-HHMMSS-xxxxxx`: local time and three random bytes; names the run's folder on every machine. */
export function runId(date: Date, random: Uint8Array): string {
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  const time = `${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
  const tail = [0, 1, 2].map((i) => (random[i] ?? 0).toString(16).padStart(2, '0')).join('');
  return `${day}-${time}-${tail}`;
}

export const isRunId = (text: string): boolean => /^\d{8}-\d{6}-[0-9a-f]{6}$/.test(text);
