import { type SecretStorage, window } from 'vscode';

const KEY = 'sftLens.huggingFaceToken';
const VARIABLE = 'HF_TOKEN';

/** What a run may need to know and nobody else: only for the environment of the trainer. */
export async function secretsOf(secrets: SecretStorage): Promise<Readonly<Record<string, string>>> {
  const token = (await secrets.get(KEY)) ?? process.env[VARIABLE];
  return token === undefined || token === '' ? {} : { [VARIABLE]: token };
}

export async function setToken(secrets: SecretStorage): Promise<void> {
  const token = await window.showInputBox({
    title: 'Hugging Face token',
    prompt:
      'For models that ask for one. It is kept in the secret storage of VS Code and given to a run in its environment.',
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (/^\S*$/.test(text.trim()) ? null : 'A token has no spaces.'),
  });
  if (token === undefined || token.trim() === '') return;
  await secrets.store(KEY, token.trim());
  void window.showInformationMessage('The Hugging Face token is kept. Runs that start from now on use it.');
}

export async function clearToken(secrets: SecretStorage): Promise<void> {
  await secrets.delete(KEY);
  const rest = process.env[VARIABLE] ? ` ${VARIABLE} of the environment is used instead.` : '';
  void window.showInformationMessage(`The Hugging Face token is forgotten.${rest}`);
}
