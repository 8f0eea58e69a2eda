import type { InspectorPickers, InspectorRow } from '../../../core/protocol.ts';
import { IconButton } from '../../ui/button.tsx';
import { Picker } from '../../ui/picker.tsx';
import { number } from '../model/words.ts';
import type { Actions } from './actions.ts';

interface HeaderProps {
  readonly row: InspectorRow;
  /** Figures that no line below shows. */
  readonly note: string | null;
  readonly follow: boolean;
  readonly actions: Actions;
}

/** Which row, and the way to its neighbours. */
export const Header = ({ row, note, follow, actions }: HeaderProps) => (
  <div class="where">
    <IconButton
      icon="chevron-left"
      label="Previous row"
      keys="Alt+Page Up"
      onClick={() => actions.go('previous-row')}
    />
    <IconButton icon="chevron-right" label="Next row" keys="Alt+Page Down" onClick={() => actions.go('next-row')} />
    <h2>
      Row {number(row.row)} <span class="dim of">of {number(row.rows)}</span>
    </h2>
    <span class="dim small file" title={row.file}>
      {note === null ? row.file : `${row.file} · ${note}`}
    </span>
    <span class="push" />
    <IconButton icon="pinned" label="Follow the cursor" pressed={follow} onClick={() => actions.follow(!follow)} />
  </div>
);

export function Pickers({ pickers, actions }: { pickers: InspectorPickers; actions: Actions }) {
  const { format, tokenizer, chatTemplate, mask, maxLength } = pickers;
  const lengths = [...new Set([...maxLength.options, maxLength.value])].sort((a, b) => a - b);
  return (
    <div class="pickers">
      <Picker label="Format" {...format} onPick={(value) => actions.pick('format', value)} />
      <Picker label="Tokenizer" {...tokenizer} onPick={(value) => actions.pick('tokenizer', value)} />
      <Picker label="Chat template" {...chatTemplate} onPick={(value) => actions.pick('chatTemplate', value)} />
      <Picker label="Loss mask" {...mask} onPick={(value) => actions.pick('mask', value)} />
      <Picker
        label="Max length"
        value={String(maxLength.value)}
        options={lengths.map((length) => ({ value: String(length), label: number(length) }))}
        onPick={(value) => actions.pick('maxLength', value)}
      />
    </div>
  );
}
