import { type SecretStorage, window } from 'vscode';
import { environmentToken, hubPlaces } from '../node/hub/places.ts';

export const TOKEN_KEY = 'sftLens.huggingFaceToken';
const VARIABLE = 'HF_TOKEN';

/** For requests to the Hub: the token that was set here, else this machine's. */
export const hubToken = async (secrets: SecretStorage): Promise<string | null> =>
  (await secrets.get(TOKEN_KEY)) || (await environmentToken(hubPlaces()));

/** What a run may need to know and nobody else: only for the environment of the trainer. */
export async function secretsOf(secrets: SecretStorage): Promise<Readonly<Record<string, string>>> {
  const token = (await secrets.get(TOKEN_KEY)) ?? process.env[VARIABLE];
  return token === undefined || token === '' ? {} : { [VARIABLE]: token };
}

export async function setToken(secrets: SecretStorage): Promise<void> {
  const token = await window.showInputBox({
    title: 'Hugging Face token',
    prompt:
      'For models that ask for one: a token with read access, from huggingface.co/settings/tokens. It is kept in the secret storage of VS Code, used for downloads of tokenizers and given to a run in its environment.',
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (/^\S*$/.test(text.trim()) ? null : 'A token has no spaces.'),
  });
  if (token === undefined || token.trim() === '') return;
  await secrets.store(TOKEN_KEY, token.trim());
  void window.showInformationMessage('The Hugging Face token is kept. Downloads and runs from now on use it.');
}

export async function clearToken(secrets: SecretStorage): Promise<void> {
  await secrets.delete(TOKEN_KEY);
  const rest = (await environmentToken(hubPlaces())) === null ? '' : ' That of the environment is used instead.';
  void window.showInformationMessage(`The Hugging Face token is forgotten.${rest}`);
}
