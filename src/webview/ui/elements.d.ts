import type { HTMLAttributes } from 'preact';

/** The toolkit's elements as JSX knows them. */
interface PanelsAttributes extends HTMLAttributes<HTMLElement> {
  activeid?: string;
  activeindicator?: boolean;
}
interface ButtonAttributes extends HTMLAttributes<HTMLElement> {
  appearance?: 'primary' | 'secondary' | 'icon';
  disabled?: boolean;
}

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': ButtonAttributes;
      'vscode-panels': PanelsAttributes;
      'vscode-panel-tab': HTMLAttributes<HTMLElement>;
      'vscode-panel-view': HTMLAttributes<HTMLElement>;
    }
  }
}
