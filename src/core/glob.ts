/** Braces make at most so many patterns of one; what is over that is read as it stands. */
const MAX_ALTERNATIVES = 256;

/**
 * Whether a path (relative, with `/`) fits a pattern: `*` and `?` within a name, `[abc]`, `[!a-z]`, `**` any folders, `{a,b}`
 * either. A pattern without `/` fits the last name of the path. Never backtracks over more than one star, so that a
 * pattern cannot stall.
 */
export function matchesGlob(path: string, pattern: string): boolean {
  return alternatives(pattern.replace(/^\.\//, '')).some((one) => {
    const names = path.replace(/^\.\//, '').split('/');
    return one.includes('/') ? matchNames(names, one.split('/')) : matchName(names.at(-1) ?? '', one);
  });
}

/** `a{b,c}d` -> `abd`, `acd`; nested, too. */
function alternatives(pattern: string): readonly string[] {
  let open = [pattern];
  const done: string[] = [];
  while (open.length > 0 && open.length + done.length < MAX_ALTERNATIVES) {
    const next: string[] = [];
    for (const one of open) {
      const braces = innerBraces(one);
      if (braces === null) done.push(one);
      else for (const choice of braces.choices) next.push(one.slice(0, braces.start) + choice + one.slice(braces.end));
    }
    open = next;
  }
  return [...done, ...open];
}

/** The first pair of braces that holds no other. */
function innerBraces(pattern: string): { start: number; end: number; choices: readonly string[] } | null {
  const found = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (found === null) return null;
  return { start: found.index, end: found.index + found[0].length, choices: (found[1] ?? '').split(',') };
}

function matchNames(names: readonly string[], patterns: readonly string[]): boolean {
  // reached[i]: the patterns so far fit the first i names.
  let reached = names.map(() => false);
  reached.unshift(true);
  for (const pattern of patterns) {
    const next = reached.map(() => false);
    let any = false;
    for (let i = 0; i <= names.length; i++) {
      if (pattern === '**') next[i] = any ||= reached[i] ?? false;
      else if (i > 0) next[i] = (reached[i - 1] ?? false) && matchName(names[i - 1] ?? '', pattern);
    }
    reached = next;
  }
  return reached[names.length] ?? false;
}

/** One name against `*`, `?` and classes: on a mismatch only the last star takes one more character. */
function matchName(name: string, pattern: string): boolean {
  const characters = [...name];
  const tokens = pattern.match(/\[!?[^\]]+\]|./gsu) ?? [];
  let i = 0;
  let j = 0;
  let star = -1;
  let starAt = 0;
  while (i < characters.length) {
    const token = tokens[j];
    if (token === '*') {
      star = j++;
      starAt = i;
    } else if (token !== undefined && matchCharacter(characters[i] ?? '', token)) {
      i++;
      j++;
    } else if (star !== -1) {
      j = star + 1;
      i = ++starAt;
    } else return false;
  }
  while (tokens[j] === '*') j++;
  return j === tokens.length;
}

function matchCharacter(character: string, token: string): boolean {
  if (token === '?') return true;
  if (token.length < 3 || token[0] !== '[') return token === character;
  const negated = token[1] === '!';
  const members = [...token.slice(negated ? 2 : 1, -1)];
  let found = false;
  for (let i = 0; i < members.length; i++) {
    const from = members[i] ?? '';
    const to = members[i + 1] === '-' && i + 2 < members.length ? (members[(i += 2)] ?? '') : from;
    if (character >= from && character <= to) found = true;
  }
  return found !== negated;
}
