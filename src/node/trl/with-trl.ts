import type { Settings } from '../../core/config.ts';
import { resolveMask } from '../../core/mask/resolve.ts';
import { isTrlAssistant } from '../../core/mask/trl-knobs.ts';
import type { LensService } from '../../core/service-types.ts';

/**
 * A service that knows where TRL's chat templates lie (`findTrl`), for masks that depend on them. The place is asked for
 * anew for each request: an environment may be made while rows are looked at.
 */
export function withTrl(service: LensService, find: () => Promise<string | null>): LensService {
  const placed = async (settings: Settings): Promise<Settings> =>
    isTrlAssistant(resolveMask(settings.mask)) ? { ...settings, trlTemplates: await find() } : settings;
  return {
    detect: (sample, settings) => service.detect(sample, settings),
    summarize: async (rows, settings, format, options) =>
      service.summarize(rows, await placed(settings), format, options),
    tokenize: async (rows, settings, format) => service.tokenize(rows, await placed(settings), format),
    compare: async (rows, settings, format, sides, options) => {
      const swapped = sides.find(({ mask }) => isTrlAssistant(resolveMask(mask)));
      const given = swapped === undefined ? settings : await placed({ ...settings, mask: swapped.mask });
      return service.compare(rows, given, format, sides, options);
    },
    answers: async (rows, settings, format, kind) => service.answers(rows, await placed(settings), format, kind),
    decode: async (ids, settings) => service.decode(ids, await placed(settings)),
    vocabulary: async (settings) => service.vocabulary(await placed(settings)),
    detail: async (row, settings, format) => service.detail(row, await placed(settings), format),
    resolve: async (settings) => service.resolve(await placed(settings)),
    reload: () => service.reload(),
    dispose: () => service.dispose(),
  };
}
