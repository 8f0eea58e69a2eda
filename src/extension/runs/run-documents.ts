import { commands, type Disposable, EventEmitter, Uri, window, workspace } from 'vscode';

const SCHEME = 'sft-lens-run';

/** Texts that are shown and not kept: what a dry run found, the log of a run far away, the spec a run began with. */
export class RunDocuments {
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #registered: Disposable;

  constructor() {
    this.#registered = workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: (uri) => this.#texts.get(uri.toString()) ?? '',
    });
  }

  uri(path: string, text: string): Uri {
    const uri = Uri.from({ scheme: SCHEME, path: `/${path}` });
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
    return uri;
  }

  async show(path: string, text: string): Promise<void> {
    const document = await workspace.openTextDocument(this.uri(path, text));
    await window.showTextDocument(document, { preview: true });
  }

  async diff(left: Uri, right: Uri, title: string): Promise<void> {
    await commands.executeCommand('vscode.diff', left, right, title);
  }

  dispose(): void {
    this.#registered.dispose();
    this.#changed.dispose();
  }
}
