import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

interface Action {
  readonly onClick: () => void;
}

interface ButtonProps extends Action {
  readonly children: ComponentChildren;
  /** The one that most people want. */
  readonly primary?: boolean;
  readonly disabled?: boolean;
}

export const Button = ({ onClick, children, primary = false, disabled = false }: ButtonProps) => (
  <vscode-button
    class={primary ? 'btn primary' : 'btn'}
    appearance={primary ? 'primary' : 'secondary'}
    disabled={disabled}
    onClick={onClick}
  >
    {children}
  </vscode-button>
);

interface IconButtonProps extends Action {
  readonly icon: string;
  /** What it does; also the tooltip. */
  readonly label: string;
  /** Shown in the tooltip only. */
  readonly keys?: string;
  /** For a switch: whether it is on. */
  readonly pressed?: boolean;
}

/** The attribute is for the styles; the element hands only the property on to the button inside, which is what is read. */
function pressedState(pressed: boolean | undefined) {
  if (pressed === undefined) return {};
  const state = pressed ? 'true' : 'false';
  return { 'aria-pressed': state, ariaPressed: state } as const;
}

export const IconButton = ({ icon, label, keys, pressed, onClick }: IconButtonProps) => (
  <vscode-button
    class="icon-btn"
    appearance="icon"
    aria-label={label}
    {...pressedState(pressed)}
    title={keys ? `${label} (${keys})` : label}
    onClick={onClick}
  >
    <Icon name={icon} />
  </vscode-button>
);

interface LinkButtonProps extends Action {
  readonly children: ComponentChildren;
  /** Says more than the text where the text alone is ambiguous. Starts with the text. */
  readonly label?: string;
  readonly expanded?: boolean;
  readonly className?: string;
}

/** A quiet action inside a line of text. */
export const LinkButton = ({ onClick, children, label, expanded, className = '' }: LinkButtonProps) => (
  <button
    type="button"
    class={`link ${className}`}
    onClick={onClick}
    {...(label === undefined ? {} : { 'aria-label': label })}
    {...(expanded === undefined ? {} : { 'aria-expanded': expanded })}
  >
    {children}
  </button>
);

/** The same button where the page is drawn directly. */
export function createButton(text: string, onClick: () => void): HTMLElement {
  const made = document.createElement('vscode-button');
  made.className = 'btn';
  made.setAttribute('appearance', 'secondary');
  made.textContent = text;
  made.addEventListener('click', onClick);
  return made;
}

export function createLinkButton(text: string, onClick: () => void): HTMLElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'link';
  made.textContent = text;
  made.addEventListener('click', onClick);
  return made;
}
