import './style-probe.ts'; // before the toolkit's own modules
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
} from '@vscode/webview-ui-toolkit';
import { endProbe } from './style-probe.ts';

/** Only what is used: each element costs bytes and styles in every panel. Only this folder may know the toolkit. */
export const registerElements = (): void => {
  endProbe();
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodePanels(), vsCodePanelTab(), vsCodePanelView());
};
