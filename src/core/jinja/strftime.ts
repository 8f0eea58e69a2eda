const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const DAY = 86_400_000;

/** A wall-clock time without a zone, as `datetime.now()`. */
export interface Clock {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

const PINNED = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?/;

/** A pinned date (`2024-07-26`, `2024-07-26T10:00:00`), or null where the text is none. */
export function parseClock(text: string): Clock | null {
  const match = PINNED.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const microsecond = Number((match[7] ?? '0').padEnd(6, '0'));
  if (month! < 1 || month! > 12 || day! < 1 || day! > 31) return null;
  return { year: year!, month: month!, day: day!, hour: hour!, minute: minute!, second: second!, microsecond };
}

export function now(): Clock {
  const d = new Date();
  return {
    ...{ year: d.getFullYear(), month: d.getMonth() + 1, day: d.getDate() },
    ...{ hour: d.getHours(), minute: d.getMinutes(), second: d.getSeconds(), microsecond: d.getMilliseconds() * 1000 },
  };
}

/** Python's strftime in the C locale; an unknown code stays as it is. `%-d` and its kin drop the padding (glibc). */
export function strftime(format: string, clock: Clock): string {
  return format.replace(/%([-_0^#]?)([a-zA-Z%])/g, (whole, flag: string, code: string) => {
    const text = field(code, clock);
    if (text === null) return whole;
    if (flag === '-') return text.replace(/^[0 ]+(?=.)/, '');
    if (flag === '_') return text.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length));
    return flag === '^' ? text.toUpperCase() : text;
  });
}

const two = (n: number): string => String(n).padStart(2, '0');

function field(code: string, c: Clock): string | null {
  const date = Date.UTC(c.year, c.month - 1, c.day);
  const weekday = new Date(date).getUTCDay();
  const dayOfYear = Math.round((date - Date.UTC(c.year, 0, 1)) / DAY) + 1;
  const hour12 = c.hour % 12 === 0 ? 12 : c.hour % 12;
  const inner = (format: string): string => strftime(format, c);
  switch (code) {
    case 'a':
      return DAYS[weekday]!.slice(0, 3);
    case 'A':
      return DAYS[weekday]!;
    case 'b':
    case 'h':
      return MONTHS[c.month - 1]!.slice(0, 3);
    case 'B':
      return MONTHS[c.month - 1]!;
    case 'c':
      return `${inner('%a %b')} ${String(c.day).padStart(2)} ${inner('%H:%M:%S %Y')}`;
    case 'C':
      return two(Math.floor(c.year / 100));
    case 'd':
      return two(c.day);
    case 'D':
    case 'x':
      return inner('%m/%d/%y');
    case 'e':
      return String(c.day).padStart(2);
    case 'f':
      return String(c.microsecond).padStart(6, '0');
    case 'F':
      return inner('%Y-%m-%d');
    case 'g':
      return two(isoWeek(date).year % 100);
    case 'G':
      return String(isoWeek(date).year);
    case 'H':
      return two(c.hour);
    case 'I':
      return two(hour12);
    case 'j':
      return String(dayOfYear).padStart(3, '0');
    case 'k':
      return String(c.hour).padStart(2);
    case 'l':
      return String(hour12).padStart(2);
    case 'm':
      return two(c.month);
    case 'M':
      return two(c.minute);
    case 'n':
      return '\n';
    case 'p':
      return c.hour < 12 ? 'AM' : 'PM';
    case 'P':
      return c.hour < 12 ? 'am' : 'pm';
    case 'r':
      return inner('%I:%M:%S %p');
    case 'R':
      return inner('%H:%M');
    case 's':
      return String(Math.floor((date + ((c.hour * 60 + c.minute) * 60 + c.second) * 1000) / 1000));
    case 'S':
      return two(c.second);
    case 't':
      return '\t';
    case 'T':
    case 'X':
      return inner('%H:%M:%S');
    case 'u':
      return String(weekday === 0 ? 7 : weekday);
    case 'U':
      return two(Math.floor((dayOfYear + 6 - weekday) / 7));
    case 'V':
      return two(isoWeek(date).week);
    case 'w':
      return String(weekday);
    case 'W':
      return two(Math.floor((dayOfYear + 6 - ((weekday + 6) % 7)) / 7));
    case 'y':
      return two(c.year % 100);
    case 'Y':
      return String(c.year);
    case 'z':
    case 'Z':
      return '';
    case '%':
      return '%';
    default:
      return null;
  }
}

function isoWeek(date: number): { readonly year: number; readonly week: number } {
  const weekday = (new Date(date).getUTCDay() + 6) % 7;
  const thursday = date + (3 - weekday) * DAY;
  const year = new Date(thursday).getUTCFullYear();
  return { year, week: Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1 };
}
