import { fileURLToPath } from 'node:url';
import type { Settings } from '../core/config.ts';
import { findSnapshot } from '../node/hub/cache.ts';
import { type HubId, hubIdOf, shownHubId } from '../node/hub/hub-id.ts';
import { loadHubClient } from '../node/hub/load.ts';
import { environmentToken, type HubPlaces, hubPlaces } from '../node/hub/places.ts';
import { type DownloadProgress, shownProgress } from '../node/hub/progress.ts';
import { UsageError } from './arguments.ts';
import { dim } from './output.ts';

const HUB_CLIENT = fileURLToPath(new URL('hub.cjs', import.meta.url));

/**
 * Downloads the tokenizer that the settings name where this machine does not have it. Throws `UsageError` with a sentence.
 * What the cache has is used as it is; files that it lacks besides tokenizer.json are fetched where that is possible.
 */
export async function requireTokenizer({ tokenizer }: Settings): Promise<void> {
  const id = hubIdOf(tokenizer);
  if (id === null) return;
  const places = hubPlaces();
  const found = await findSnapshot(id, places.cache);
  if (found?.complete === true || (found !== null && places.offline)) return;
  const result = await download(id, places);
  if (result.ok) return;
  if (found === null) throw new UsageError(result.failure.sentence);
  process.stderr.write(dim(`${shownHubId(id)} is used as it lies on this machine. ${result.failure.sentence}\n`));
}

async function download(id: HubId, places: HubPlaces) {
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  const line = progressLine(`Downloading tokenizer ${shownHubId(id)}`);
  try {
    const token = await environmentToken(places);
    const { downloadTokenizer } = loadHubClient(HUB_CLIENT);
    return await downloadTokenizer(id, { places, token, signal: stop.signal, onProgress: line.show });
  } finally {
    line.end();
    process.off('SIGINT', onInterrupt);
  }
}

/** One line that is written over, for a person only. */
function progressLine(title: string): { show(progress: DownloadProgress): void; end(): void } {
  const { stderr } = process;
  const inPlace = (text: string): void => void (stderr.isTTY && stderr.write(`\r\u001b[K${text}`));
  inPlace(title);
  return {
    show: (progress) => inPlace(`${title}: ${shownProgress(progress)}`),
    end: () => inPlace(''),
  };
}
