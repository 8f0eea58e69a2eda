import type { Settings } from '../core/config.ts';
import type { LensService } from '../core/service-types.ts';
import { type OpenFile, openRows } from '../node/row-chunks.ts';
import { UsageError } from './arguments.ts';
import { requireTokenizer } from './hub.ts';

/** Opens a file, finds its format, and gives its rows in chunks. Throws `UsageError` when it cannot be read. */
export async function openFile(path: string, settings: Settings, service: LensService): Promise<OpenFile> {
  const unreadable = (error: unknown): never => {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  };
  const { format, rows } = await openRows(path, settings, service).catch(unreadable);
  return {
    format,
    rows: (async function* () {
      try {
        yield* rows;
      } catch (error) {
        unreadable(error);
      }
    })(),
  };
}

/** What the settings name could not be loaded: in an editor the default stands in, here nothing is guessed. */
export async function requireLoaded(settings: Settings, service: LensService): Promise<void> {
  await requireTokenizer(settings);
  const { problems, notices } = await service.resolve(settings);
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  for (const notice of notices) process.stderr.write(`${notice}\n`);
}
