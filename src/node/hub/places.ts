import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the Hub is and what of it is kept on this machine, by the environment variables of huggingface_hub 1.33. */
export interface HubPlaces {
  /** The folder that holds `models--org--name`. */
  readonly cache: string;
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** The environment forbids requests. */
  readonly offline: boolean;
  /** Where `hf auth login` leaves the token. */
  readonly tokenFile: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function hubPlaces(env: Environment = process.env): HubPlaces {
  const path = (...names: string[]): string | undefined => {
    const value = names.map((name) => env[name]).find((text) => text !== undefined && text !== '');
    return value === undefined ? undefined : expanded(value, env);
  };
  const home = path('HF_HOME') ?? join(path('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'huggingface');
  return {
    cache: path('HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE') ?? join(home, 'hub'),
    endpoint: (env['HF_ENDPOINT'] || 'https://huggingface.co').replace(/\/+$/, ''),
    offline: isTrue(env['HF_HUB_OFFLINE'] || env['TRANSFORMERS_OFFLINE']),
    tokenFile: path('HF_TOKEN_PATH') ?? join(home, 'token'),
  };
}

const isTrue = (value: string | undefined): boolean => /^(?:1|on|yes|true)$/i.test(value ?? '');

/** `~` and variables, as Python's `expanduser` and `expandvars`. */
const expanded = (path: string, env: Environment): string =>
  path
    .replace(/^~(?=$|\/)/, homedir())
    .replace(/\$(?:(\w+)|\{(\w+)\})/g, (all, plain?: string, braced?: string) => env[plain ?? braced ?? ''] ?? all);

/** The token of this machine's environment; null where there is none. It is for requests only: never shown, never kept. */
export async function environmentToken(places: HubPlaces, env: Environment = process.env): Promise<string | null> {
  return (
    cleaned(env['HF_TOKEN']) ??
    cleaned(env['HUGGING_FACE_HUB_TOKEN']) ??
    cleaned(await readFile(places.tokenFile, 'utf8').catch(() => ''))
  );
}

const cleaned = (token: string | undefined): string | null => token?.trim() || null;
