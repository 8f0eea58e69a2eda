const row = (user: string): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: user },
      { role: 'assistant', content: 'Hello.' },
    ],
  });

/** The same bytes each time, none of them NUL: VS Code opens no text editor for those. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, state = 7; i < length; i++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    bytes[i] = 1 + ((state >> 12) % 255);
  }
  return bytes;
}

/** Files that are hardly JSONL, below a folder: path -> content. */
export function oddFiles(folder: string): Record<string, string | Uint8Array> {
  const files: Record<string, string | Uint8Array> = {
    'random.jsonl': noise(20_000),
    'long.jsonl': row('word '.repeat(1_000_000)),
    'deep.jsonl': `${row('Hi')}\n{"a":${'['.repeat(100_000)}\n`,
    'brackets.jsonl': '['.repeat(200_000),
    'surrogates.jsonl': `${row('A').replace('"A"', '"\\ud800 x \\udc00"')}\n`,
    'bom.jsonl': `\uFEFF${row('One')}\r\n${row('Two')}\r\n`,
    'empty.jsonl': '',
    'blank.jsonl': '\n \n\t\n\n\r\n',
    'separators.jsonl': `${row('a\u2028b\u2029c\u0085d')}\n${row('Two')}\n`,
  };
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
}
