import { DEFAULT_SETTINGS, type Settings } from '../../core/config.ts';
import type { LensService, Resolved } from '../../core/service-types.ts';
import { findSnapshot, type Snapshot } from './cache.ts';
import { type HubId, hubIdOf, shownHubId } from './hub-id.ts';
import type { HubPlaces } from './places.ts';

/** Where a tokenizer of the Hub lies on this machine; else why it does not, as a sentence with what to do. */
export type Located = { readonly snapshot: Snapshot } | { readonly missing: string };
export type Locate = (id: HubId) => Promise<Located>;

/** The cache alone decides: the command line downloads before anything is analysed. */
export const locateInCache =
  ({ cache }: HubPlaces): Locate =>
  async (id) => {
    const snapshot = await findSnapshot(id, cache);
    return snapshot === null
      ? { missing: `The tokenizer ${shownHubId(id)} is not on this machine. Check its name and the network.` }
      : { snapshot };
  };

interface Placed {
  readonly settings: Settings;
  readonly located: Located | null;
}

/**
 * A service whose settings may name tokenizers of the Hub. Workers only ever see folders: where a tokenizer lies is found out
 * once, here, so that all of them load the same commit. Until it is there the bundled one stands in.
 */
export function withHub(service: LensService, locate: Locate): LensService {
  const place = async (settings: Settings): Promise<Placed> => {
    const id = hubIdOf(settings.tokenizer);
    if (id === null) return { settings, located: null };
    const located = await locate(id);
    const tokenizer = 'snapshot' in located ? located.snapshot.folder : DEFAULT_SETTINGS.tokenizer;
    return { settings: { ...settings, tokenizer }, located };
  };
  const placed = async (settings: Settings): Promise<Settings> => (await place(settings)).settings;
  return {
    detect: (sample, settings) => service.detect(sample, settings),
    summarize: async (rows, settings, format, options) =>
      service.summarize(rows, await placed(settings), format, options),
    tokenize: async (rows, settings, format) => service.tokenize(rows, await placed(settings), format),
    compare: async (rows, settings, format, sides, options) =>
      service.compare(rows, await placed(settings), format, sides, options),
    answers: async (rows, settings, format, kind) => service.answers(rows, await placed(settings), format, kind),
    decode: async (ids, settings) => service.decode(ids, await placed(settings)),
    vocabulary: async (settings) => service.vocabulary(await placed(settings)),
    detail: async (row, settings, format) => service.detail(row, await placed(settings), format),
    resolve: async (settings) => {
      const { settings: own, located } = await place(settings);
      const resolved = await service.resolve(own);
      return located === null ? resolved : asNamed(resolved, located, settings.tokenizer);
    },
    reload: () => service.reload(),
    dispose: () => service.dispose(),
  };
}

/** What the settings call it, where a worker knows a folder. */
function asNamed(resolved: Resolved, located: Located, name: string): Resolved {
  if ('missing' in located) return { ...resolved, problems: [located.missing, ...resolved.problems] };
  const { folder, commit } = located.snapshot;
  const named = (text: string): string => (text === folder ? name : text);
  return {
    ...resolved,
    tokenizer: named(resolved.tokenizer),
    chatTemplate: named(resolved.chatTemplate),
    hub: resolved.tokenizer === folder ? { folder, commit } : null,
  };
}
