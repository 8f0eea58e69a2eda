import { counted } from '../checks/lib/words.ts';

/** "20 s", "3 minutes", "26 minutes", "1 h 40 min", "2 days 3 h". Rounded to what is worth saying. */
export function durationOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return counted(minutes, 'minute');
  if (minutes < 24 * 60) {
    const rest = minutes % 60;
    return rest === 0 ? counted(Math.floor(minutes / 60), 'hour') : `${Math.floor(minutes / 60)} h ${rest} min`;
  }
  const hours = Math.round(minutes / 60);
  const rest = hours % 24;
  return rest === 0 ? counted(hours / 24, 'day') : `${counted(Math.floor(hours / 24), 'day')} ${rest} h`;
}
