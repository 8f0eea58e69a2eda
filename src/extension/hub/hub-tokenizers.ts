import {
  commands,
  EventEmitter,
  type ExtensionContext,
  env,
  type LogOutputChannel,
  ProgressLocation,
  Uri,
  window,
  workspace,
} from 'vscode';
import { cachedModels, findSnapshot, type Snapshot } from '../../node/hub/cache.ts';
import type { DownloadOptions } from '../../node/hub/download.ts';
import type { HubFailure } from '../../node/hub/failure.ts';
import { type HubId, hubIdOf, shownHubId } from '../../node/hub/hub-id.ts';
import type { Located } from '../../node/hub/hub-service.ts';
import { type HubClient, loadHubClient } from '../../node/hub/load.ts';
import { hubPlaces } from '../../node/hub/places.ts';
import { type DownloadProgress, shownProgress } from '../../node/hub/progress.ts';
import { COMMANDS } from '../contributions.ts';
import { Disposables } from '../disposables.ts';
import { hubToken, TOKEN_KEY } from '../hugging-face.ts';

/** `partial`: files that another program fetched, which may not be all. */
type State =
  | { readonly kind: 'here'; readonly snapshot: Snapshot }
  | { readonly kind: 'downloading'; readonly partial: Snapshot | null }
  | { readonly kind: 'failed'; readonly partial: Snapshot | null; readonly failure: HubFailure };

const RECENT_KEY = 'sftLens.recentHubTokenizers';
const MOST_RECENT = 8;

/**
 * The tokenizers of the Hub that the settings name. What is not on this machine is downloaded, once, while the editor goes on
 * with the bundled tokenizer. Only ids of trusted workspaces come here; a failure stands until someone asks to try again.
 */
export class HubTokenizers {
  readonly #context: ExtensionContext;
  readonly #log: LogOutputChannel;
  readonly #owned = new Disposables();
  readonly #states = new Map<string, Promise<State>>();
  readonly #running = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  readonly #changed = this.#owned.add(new EventEmitter<void>());
  /** A tokenizer arrived, or could not be had: the same settings mean something else now. */
  readonly onDidChange = this.#changed.event;

  constructor(context: ExtensionContext, log: LogOutputChannel) {
    this.#context = context;
    this.#log = log;
    this.#owned.add(context.secrets.onDidChange(({ key }) => key === TOKEN_KEY && void this.#retryFailed()));
  }

  /** Where it lies, or why it does not; begins the download. */
  async locate(id: HubId): Promise<Located> {
    const key = keyOf(id);
    let found = this.#states.get(key);
    if (found === undefined) this.#states.set(key, (found = this.#find(id)));
    const state = await found;
    if (state.kind === 'here') return { snapshot: state.snapshot };
    if (state.partial !== null) return { snapshot: state.partial };
    if (state.kind === 'downloading') return { missing: `Downloading tokenizer ${shownHubId(id)}.` };
    const { kind, sentence } = state.failure;
    return { missing: kind === 'cancelled' ? `${sentence} Run "SFT Lens: Reload Tokenizers" to try again.` : sentence };
  }

  /** Waits for the download of a tokenizer of placed settings, where there is one: a run must not start with a stand-in. */
  async settled(tokenizer: string): Promise<void> {
    const id = hubIdOf(tokenizer);
    if (id === null) return;
    await this.locate(id);
    await this.#running.get(keyOf(id))?.done;
  }

  /** Everything is looked for again, but for what is being downloaded. */
  forget(): void {
    for (const key of this.#states.keys()) if (!this.#running.has(key)) this.#states.delete(key);
  }

  /** Ids that were chosen lately, then those that this machine has. */
  async known(): Promise<readonly { readonly id: string; readonly isHere: boolean }[]> {
    const here = await cachedModels(hubPlaces().cache);
    const ids = new Set([...this.#recent(), ...here]);
    return [...ids].map((id) => ({ id, isHere: here.includes(id) }));
  }

  async remember(id: string): Promise<void> {
    const ids = [id, ...this.#recent().filter((other) => other !== id)];
    await this.#context.globalState.update(RECENT_KEY, ids.slice(0, MOST_RECENT));
  }

  /** The commit that a branch or a tag is now; null where the Hub does not say. */
  async newest(id: HubId): Promise<string | null> {
    try {
      return await this.#client().newestCommit(id, await this.#options());
    } catch (error) {
      this.#log.warn(`${shownHubId(id)}: ${String(error)}`);
      return null;
    }
  }

  dispose(): void {
    for (const { stop } of this.#running.values()) stop.abort();
    this.#owned.dispose();
  }

  #recent(): readonly string[] {
    return this.#context.globalState.get<readonly string[]>(RECENT_KEY, []);
  }

  #client(): HubClient {
    return loadHubClient(Uri.joinPath(this.#context.extensionUri, 'dist', 'hub.cjs').fsPath);
  }

  async #options(): Promise<DownloadOptions> {
    return { places: hubPlaces(), token: await hubToken(this.#context.secrets) };
  }

  async #find(id: HubId): Promise<State> {
    const places = hubPlaces();
    const snapshot = await findSnapshot(id, places.cache);
    if (snapshot !== null && (snapshot.complete || places.offline || !workspace.isTrusted))
      return { kind: 'here', snapshot };
    const stop = new AbortController();
    this.#running.set(keyOf(id), { stop, done: this.#download(id, snapshot, stop) });
    return { kind: 'downloading', partial: snapshot };
  }

  async #download(id: HubId, partial: Snapshot | null, stop: AbortController): Promise<void> {
    const key = keyOf(id);
    const shown = shownHubId(id);
    this.#log.info(`Downloading tokenizer ${shown} into ${hubPlaces().cache}`);
    const result = await window.withProgress(
      {
        location: partial === null ? ProgressLocation.Notification : ProgressLocation.Window,
        title: `SFT Lens: Downloading tokenizer ${shown}`,
        cancellable: true,
      },
      async (progress, token) => {
        token.onCancellationRequested(() => stop.abort());
        const onProgress = toReport((message, increment) => progress.report({ message, increment }));
        return this.#client().downloadTokenizer(id, { ...(await this.#options()), signal: stop.signal, onProgress });
      },
    );
    this.#running.delete(key);
    const state: State = result.ok
      ? { kind: 'here', snapshot: result.snapshot }
      : { kind: 'failed', partial, failure: result.failure };
    this.#states.set(key, Promise.resolve(state));
    if (result.ok) this.#log.info(`${shown} is at ${result.snapshot.commit}`);
    else this.#log.warn(result.failure.sentence);
    this.#changed.fire();
    if (!result.ok && partial === null) void this.#tell(result.failure);
  }

  async #tell({ kind, sentence, page }: HubFailure): Promise<void> {
    if (kind === 'cancelled' || kind === 'offline') return;
    const openPage = 'Open Model Page';
    const setToken = 'Set Token';
    const again = 'Try Again';
    const another = 'Select Tokenizer';
    const actions =
      kind === 'gated'
        ? [openPage, setToken, again]
        : kind === 'missing'
          ? [another, setToken]
          : kind === 'token'
            ? [setToken]
            : kind === 'unreachable' || kind === 'server'
              ? [again]
              : [];
    const chosen = await window.showWarningMessage(sentence, ...actions);
    if (chosen === openPage) await env.openExternal(Uri.parse(page));
    if (chosen === setToken) await commands.executeCommand(COMMANDS.setToken);
    if (chosen === another) await commands.executeCommand(COMMANDS.selectTokenizer);
    if (chosen === again) await this.#retryFailed();
  }

  async #retryFailed(): Promise<void> {
    const states = await Promise.all(this.#states.values());
    if (!states.some(({ kind }) => kind === 'failed')) return;
    this.forget();
    this.#changed.fire();
  }
}

const keyOf = ({ repo, revision }: HubId): string => `${repo}@${revision}`;

/** Progress as VS Code takes it: what was added, in percent. At most one report for each percent. */
function toReport(report: (message: string, increment: number) => void): (progress: DownloadProgress) => void {
  let reported = 0;
  return (progress) => {
    const { received, total } = progress;
    const percent = total === 0 ? 100 : Math.floor((100 * received) / total);
    if (percent === reported) return;
    report(shownProgress(progress), percent - reported);
    reported = percent;
  };
}
