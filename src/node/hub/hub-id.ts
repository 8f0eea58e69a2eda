import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** A model on the Hugging Face Hub. */
export interface HubId {
  /** `org/name`, or `name` alone for the oldest models. */
  readonly repo: string;
  /** A branch, a tag, `refs/pr/N`, or a commit in hex. */
  readonly revision: string;
}

export const DEFAULT_REVISION = 'main';

/** As huggingface_hub 1.33 has it (`validate_repo_id`), in ASCII. */
const REPO = /^(?:\w(?:[\w.-]*\w)?\/)?\w(?:[\w.-]*\w)?$/;
const REVISION = /^\w[\w./+-]*$/;
const COMMIT = /^[0-9a-f]{40}$/;
const MOST = 96;

export const isCommit = (revision: string): boolean => COMMIT.test(revision);

/** `org/name` or `org/name@revision`; null for anything that the Hub could not mean. */
export function parseHubId(text: string): HubId | null {
  const at = text.indexOf('@');
  const repo = at < 0 ? text : text.slice(0, at);
  const revision = at < 0 ? DEFAULT_REVISION : text.slice(at + 1);
  if (repo.length > MOST || !REPO.test(repo) || /--|\.\.|\.(?:git|json)$/.test(repo)) return null;
  if (revision.length > 2 * MOST || !REVISION.test(revision) || /\.\.|\/\/|\/$/.test(revision)) return null;
  return { repo, revision };
}

/** `org/name`, `org/name@v1.0`, `org/name@abc1234`. */
export const shownHubId = ({ repo, revision }: HubId): string =>
  revision === DEFAULT_REVISION ? repo : `${repo}@${isCommit(revision) ? revision.slice(0, 7) : revision}`;

/** The same at one commit, whatever becomes of the branch. */
export const pinnedHubId = ({ repo }: HubId, commit: string): string => `${repo}@${commit}`;

/** A tokenizer of placed settings: neither bundled nor a path, which is absolute there. */
export const hubIdOf = (placed: string): HubId | null =>
  placed.startsWith('bundled:') || isAbsolute(placed) ? null : parseHubId(placed);

/** A path as people write it, absolute. */
export const placePath = (path: string, base: string): string =>
  path.startsWith('~/') ? join(homedir(), path.slice(2)) : isAbsolute(path) ? path : resolve(base, path);

/**
 * A tokenizer as `sft-lens.json` names it, for `Settings`: `bundled:...` and a Hub id stay, a path becomes absolute. What
 * could be either is a path where something lies there, else a Hub id, as transformers has it.
 */
export function placeTokenizer(id: string, base: string): string {
  if (id.startsWith('bundled:')) return id;
  const path = placePath(id, base);
  return parseHubId(id) === null || existsSync(path) ? path : id;
}
