import type { ComponentChildren } from 'preact';

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly body: ComponentChildren;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly active: string;
  readonly onChange: (id: string) => void;
  /** Stands at the right of the tabs. */
  readonly end: ComponentChildren;
}

/** Tabs with their views. The element moves focus and selection itself and tells of it. */
export const Tabs = ({ label, tabs, active, onChange, end }: TabsProps) => (
  <vscode-panels
    class="tabs"
    aria-label={label}
    activeid={`tab-${active}`}
    activeindicator={false}
    onChange={(event) => {
      // Only the element's own event names a tab: a control inside a view changes, too.
      const tab: unknown = event instanceof CustomEvent ? event.detail : null;
      if (tab instanceof HTMLElement) onChange(tab.id.slice('tab-'.length));
    }}
  >
    {tabs.map((tab) => (
      <vscode-panel-tab key={tab.id} id={`tab-${tab.id}`}>
        {tab.label}
      </vscode-panel-tab>
    ))}
    <div slot="end" class="tabs-end">
      {end}
    </div>
    {tabs.map((tab) => (
      <vscode-panel-view key={`view-${tab.id}`} id={`view-${tab.id}`}>
        {tab.body}
      </vscode-panel-view>
    ))}
  </vscode-panels>
);
