// Draws media/icon.png: lines of tokens, the trained ones green and underlined, seen through a lens.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { root } from './lib/run.mjs';

const size = 128;
/** Samples per pixel and axis: what makes the edges smooth. */
const samples = 4;

const paper = [24, 26, 31];
const masked = [92, 99, 112];
const trained = [58, 180, 108];
const underline = [120, 232, 160];
const ring = [226, 230, 236];
const glass = [36, 40, 48];

/** Lines of tokens as [start, width, is trained]. */
const lines = [
  {
    y: 26,
    tokens: [
      [18, 20, false],
      [42, 34, false],
      [80, 12, false],
    ],
  },
  {
    y: 46,
    tokens: [
      [18, 12, false],
      [34, 28, true],
      [66, 22, true],
      [92, 16, true],
    ],
  },
  {
    y: 66,
    tokens: [
      [18, 30, true],
      [52, 14, true],
      [70, 30, true],
    ],
  },
  {
    y: 86,
    tokens: [
      [18, 18, false],
      [40, 26, false],
      [70, 14, false],
    ],
  },
];
const lens = { x: 78, y: 62, radius: 33, width: 7 };
const handle = { from: [102, 86], to: [114, 98], width: 10 };

const inRounded = (x, y, left, top, width, height, radius) => {
  const dx = Math.max(left + radius - x, 0, x - (left + width - radius));
  const dy = Math.max(top + radius - y, 0, y - (top + height - radius));
  return dx * dx + dy * dy <= radius * radius;
};

function onHandle(x, y) {
  const [ax, ay] = handle.from;
  const [bx, by] = handle.to;
  const along = Math.min(
    1,
    Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)),
  );
  return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)) <= handle.width / 2;
}

/** The color at a point, or null outside the tile. The lens shows what is trained; around it all is grey. */
function colorAt(x, y) {
  if (!inRounded(x, y, 0, 0, size, size, 24)) return null;
  const distance = Math.hypot(x - lens.x, y - lens.y);
  if (Math.abs(distance - lens.radius) <= lens.width / 2 || (distance > lens.radius && onHandle(x, y))) return ring;
  const inside = distance < lens.radius;
  for (const line of lines) {
    for (const [left, width, isTrained] of line.tokens) {
      const green = isTrained && inside;
      if (green && inRounded(x, y, left, line.y + 14, width, 3, 1.5)) return underline;
      if (inRounded(x, y, left, line.y, width, 11, 3)) return green ? trained : masked;
    }
  }
  return inside ? glass : paper;
}

function pixel(column, row) {
  const sum = [0, 0, 0, 0];
  for (let i = 0; i < samples * samples; i++) {
    const color = colorAt(column + ((i % samples) + 0.5) / samples, row + (Math.floor(i / samples) + 0.5) / samples);
    if (!color) continue;
    for (let channel = 0; channel < 3; channel++) sum[channel] += color[channel];
    sum[3]++;
  }
  const covered = Math.max(1, sum[3]);
  return [sum[0] / covered, sum[1] / covered, sum[2] / covered, (255 * sum[3]) / samples ** 2].map(Math.round);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, check]);
}

function png() {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // 8 bits a channel, red green blue alpha.
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: size }, (_, row) => [
    0,
    ...Array.from({ length: size }, (_, x) => pixel(x, row)).flat(),
  ]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

writeFileSync(join(root, 'media/icon.png'), png());
