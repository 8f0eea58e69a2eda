import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** A file to send: from this machine's disk, or its content. */
export interface Upload {
  /** Where it goes, relative to the folder; at most 100 bytes. */
  readonly name: string;
  readonly from: { readonly path: string } | { readonly text: string };
  /** May be run. */
  readonly program?: boolean;
}

const BLOCK = 512;
/** The biggest size that eleven octal digits hold; beyond it the size is written in base 256, which GNU and BSD read. */
const OCTAL_LIMIT = 8 ** 11;

function header(name: string, size: number, mode: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(name) > 100) throw new Error(`${name} is too long for a tar header`);
  const octal = (value: number, at: number, digits: number): void => {
    block.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  };
  block.write(name, 0, 'utf8');
  octal(mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  if (size < OCTAL_LIMIT) octal(size, 124, 11);
  else {
    block.writeUInt8(0x80, 124);
    block.writeBigUInt64BE(BigInt(size), 128);
  }
  octal(0, 136, 11);
  block.write('        ', 148, 'latin1');
  block.write('0', 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
    'latin1',
  );
  return block;
}

const padding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

export const sizeOf = async (upload: Upload): Promise<number> =>
  'text' in upload.from ? Buffer.byteLength(upload.from.text) : (await stat(upload.from.path)).size;

/** Name of the member that comes last: the sums of the others, as `sha256sum -c` reads them. */
export const SUMS = '.sha256';

/**
 * The files as a stream of tar (ustar), with their SHA-256 as last member. `onHash` is told of each. Throws where a file
 * changes its size while it is read.
 */
export async function* tarOf(
  uploads: readonly Upload[],
  onBytes: (bytes: number) => void,
  onHash: (name: string, sha256: string) => void = () => undefined,
): AsyncGenerator<Buffer> {
  let sums = '';
  for (const upload of uploads) {
    const size = await sizeOf(upload);
    const hash = createHash('sha256');
    yield header(upload.name, size, upload.program ? 0o700 : 0o600);
    let sent = 0;
    const chunks =
      'text' in upload.from
        ? [Buffer.from(upload.from.text)]
        : createReadStream(upload.from.path, { highWaterMark: 1 << 20 });
    for await (const data of chunks) {
      const chunk = data as Buffer;
      sent += chunk.length;
      if (sent > size) break;
      hash.update(chunk);
      yield chunk;
      onBytes(chunk.length);
    }
    if (sent !== size) throw new Error(`${upload.name} changed while it was sent`);
    yield padding(size);
    const sum = hash.digest('hex');
    onHash(upload.name, sum);
    sums += `${sum}  ${upload.name}\n`;
  }
  const last = Buffer.from(sums);
  yield header(SUMS, last.length, 0o600);
  yield last;
  yield padding(last.length);
  yield Buffer.alloc(2 * BLOCK);
}
