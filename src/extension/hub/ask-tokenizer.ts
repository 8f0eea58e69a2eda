import { QuickPickItemKind, window, workspace } from 'vscode';
import { DEFAULT_REVISION, hubIdOf, isCommit, parseHubId, pinnedHubId, shownHubId } from '../../node/hub/hub-id.ts';
import type { DatasetDocument } from '../dataset-document.ts';
import { tokenizerOptions } from '../found-models.ts';
import type { HubTokenizers } from './hub-tokenizers.ts';

interface Pick {
  readonly label: string;
  readonly kind?: QuickPickItemKind;
  readonly description?: string;
  readonly choose?: () => Thenable<string | undefined> | string;
}

/** Which tokenizer a file is to have, as the settings write it; undefined when nobody chose. */
export async function askTokenizer(hub: HubTokenizers, dataset: DatasetDocument): Promise<string | undefined> {
  const chosen = dataset.analysis?.project.settings.tokenizer;
  const described = (id: string, ...facts: readonly string[]): Required<Omit<Pick, 'label' | 'kind'>> => ({
    description: [...facts, ...(id === chosen ? ['in use here'] : [])].join(', '),
    choose: () => id,
  });
  const own = (await tokenizerOptions()).map(
    ({ value, label }): Pick => ({
      label,
      ...described(value, value.startsWith('bundled:') ? 'part of SFT Lens' : workspace.asRelativePath(value)),
    }),
  );
  const ofHub = (await hub.known()).map(
    ({ id, isHere }): Pick => ({ label: shown(id), ...described(id, ...(isHere ? ['on this machine'] : [])) }),
  );
  const items: readonly Pick[] = [
    ...own,
    { label: '$(folder) Folder…', description: 'that holds tokenizer.json', choose: askFolder },
    { label: 'Hugging Face Hub', kind: QuickPickItemKind.Separator },
    ...pinOf(dataset),
    ...ofHub,
    { label: '$(cloud-download) Hugging Face Hub…', description: 'a model, by its name', choose: () => askHubId(hub) },
  ];
  const picked = await window.showQuickPick(items, { title: 'Select a tokenizer', matchOnDescription: true });
  return picked?.choose?.();
}

/** The commit to keep to, where the file's tokenizer is of the Hub; undefined when nobody chose, or there is none. */
export async function askCommit(
  hub: HubTokenizers,
  { analysis, resolved }: DatasetDocument,
): Promise<string | undefined> {
  const id = hubIdOf(analysis?.project.settings.tokenizer ?? '');
  if (id === null) {
    void window.showInformationMessage('The tokenizer of this file is not from the Hugging Face Hub.');
    return undefined;
  }
  const used = resolved?.hub?.commit;
  if (used === undefined) {
    void window.showInformationMessage(`${shownHubId(id)} is not on this machine yet.`);
    return undefined;
  }
  const branch = isCommit(id.revision) ? DEFAULT_REVISION : id.revision;
  const items = hub
    .newest({ ...id, revision: branch })
    .then((newest) => [
      { label: used.slice(0, 7), description: 'in use here', commit: used },
      ...(newest === null || newest === used
        ? []
        : [{ label: newest.slice(0, 7), description: `newest of ${branch}`, commit: newest }]),
    ]);
  const picked = await window.showQuickPick(items, { title: `Pin ${id.repo} to a commit` });
  return picked && pinnedHubId(id, picked.commit);
}

/** A choice where a branch is followed: the commit that it is now. */
function pinOf({ analysis, resolved }: DatasetDocument): readonly Pick[] {
  const id = hubIdOf(analysis?.project.settings.tokenizer ?? '');
  const commit = resolved?.hub?.commit;
  if (id === null || commit === undefined || isCommit(id.revision)) return [];
  return [
    {
      label: `$(pin) Pin ${id.repo} to ${commit.slice(0, 7)}`,
      description: `${id.revision} may move, this commit does not`,
      choose: () => pinnedHubId(id, commit),
    },
  ];
}

const shown = (id: string): string => {
  const parsed = parseHubId(id);
  return parsed === null ? id : shownHubId(parsed);
};

async function askFolder(): Promise<string | undefined> {
  const [chosen] =
    (await window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, openLabel: 'Select' })) ?? [];
  return chosen?.fsPath;
}

async function askHubId(hub: HubTokenizers): Promise<string | undefined> {
  const text = await window.showInputBox({
    title: 'Tokenizer from the Hugging Face Hub',
    prompt: 'The name on the model’s page; behind an @ a branch, a tag or a commit.',
    placeHolder: 'org/name or org/name@revision',
    ignoreFocusOut: true,
    validateInput: (input) =>
      input.trim() === '' || parseHubId(ofAddress(input)) !== null
        ? null
        : 'Write org/name or org/name@revision, as on the page of the model.',
  });
  const id = text === undefined ? '' : ofAddress(text);
  if (parseHubId(id) === null) return undefined;
  await hub.remember(id);
  return id;
}

/** Also the address of a model's page. */
const ofAddress = (text: string): string =>
  text
    .trim()
    .replace(/^https?:\/\/[^/]+\/([^/]+\/[^/?#]+)(?:\/tree\/([^/?#]+))?.*$/, (_, repo: string, revision?: string) =>
      revision === undefined ? repo : `${repo}@${revision}`,
    );
