import { type HubId, shownHubId } from './hub-id.ts';
import type { HubPlaces } from './places.ts';

/** Why a tokenizer could not be had from the Hub. */
export interface HubFailure {
  readonly kind:
    | 'cancelled'
    | 'offline'
    | 'unreachable'
    | 'gated'
    | 'token'
    | 'missing'
    | 'revision'
    | 'no-tokenizer'
    | 'too-large'
    | 'server'
    | 'disk';
  /** What is, and what to do. */
  readonly sentence: string;
  /** Where the model's licence can be accepted. */
  readonly page: string;
}

/** An answer of the Hub that is none. */
export class HubAnswer extends Error {
  readonly status: number;
  /** The Hub's own word: `GatedRepo`, `RepoNotFound`, `RevisionNotFound`, `EntryNotFound`; empty where it gives none. */
  readonly code: string;

  constructor(status: number, code: string) {
    super(`The Hub answered with ${status}${code === '' ? '' : ` (${code})`}.`);
    this.name = 'HubAnswer';
    this.status = status;
    this.code = code;
  }
}

/** Nothing came for a while. */
export class Silence extends Error {}

interface Circumstances {
  readonly id: HubId;
  readonly places: HubPlaces;
  readonly hasToken: boolean;
  /** A model of a similar name. */
  readonly meant: string | null;
}

const SET_TOKEN = 'set a token (command "SFT Lens: Set Hugging Face Token", or HF_TOKEN for the command line)';

export function failureOf(error: unknown, { id, places, hasToken, meant }: Circumstances): HubFailure {
  const page = `${places.endpoint}/${id.repo}`;
  const failure = (kind: HubFailure['kind'], sentence: string): HubFailure => ({ kind, sentence, page });
  if (!(error instanceof HubAnswer)) {
    const code = codeOf(error);
    if (error instanceof Silence || code === null)
      return failure(
        'unreachable',
        `${shownHubId(id)} could not be downloaded: ${error instanceof Silence ? error.message : messageOf(error)} Try again.`,
      );
    if (/^(?:EACCES|EPERM|EROFS|ENOSPC|EDQUOT|EISDIR|ENOTDIR|EMFILE)$/.test(code))
      return failure(
        'disk',
        `${shownHubId(id)} cannot be kept in ${places.cache} (${code}). Make room or give access there, or name another folder in HF_HUB_CACHE.`,
      );
    return failure(
      'unreachable',
      `${places.endpoint} could not be reached (${code}). Check the network and the proxy, then try again; or copy the tokenizer's files to a folder and choose that.`,
    );
  }
  const { status, code } = error;
  if (code === 'GatedRepo')
    return failure(
      'gated',
      hasToken
        ? `${id.repo} is gated, and the account of your token has no access to it. Accept its licence on ${page}, then try again.`
        : `${id.repo} is gated. Accept its licence on ${page}, then ${SET_TOKEN}.`,
    );
  if (code === 'RevisionNotFound')
    return failure(
      'revision',
      `${id.repo} has no revision ${id.revision}. Check the branch, tag or commit after the @.`,
    );
  if (code === 'RepoNotFound' || (status === 404 && code === ''))
    return failure(
      'missing',
      `There is no folder and no model of the Hub called ${id.repo}. ${meant === null ? 'Check the name' : `Did you mean ${meant}`}${hasToken ? (meant === null ? '.' : '?') : `${meant === null ? '; if' : '? If'} it is private, ${SET_TOKEN}.`}`,
    );
  if (status === 401)
    return failure(
      'token',
      hasToken
        ? 'The Hub does not accept the Hugging Face token: it is wrong or has ended. Set another one.'
        : `${id.repo} asks for a token. Open ${page} to see what it needs, then ${SET_TOKEN}.`,
    );
  if (status === 403)
    return failure(
      'gated',
      `The Hub refuses access to ${id.repo}. Open ${page} to see what it asks for, then try again.`,
    );
  if (status === 429)
    return failure(
      'server',
      `The Hub asks to wait: too many requests. Try again in a few minutes${hasToken ? '' : `, or ${SET_TOKEN}`}.`,
    );
  return failure('server', `The Hub could not answer for ${shownHubId(id)} (error ${status}). Try again later.`);
}

const messageOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return /[.]$/.test(text) ? text : `${text}.`;
};

/** `ENOTFOUND`, `ENOSPC`, ...: of the error or of what it was caused by. */
function codeOf(error: unknown): string | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return at.code;
  return error instanceof TypeError && error.message === 'fetch failed' ? 'no answer' : null;
}
