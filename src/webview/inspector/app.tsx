import { IconButton } from '../ui/button.tsx';
import { Segments } from '../ui/segments.tsx';
import { Tabs } from '../ui/tabs.tsx';
import type { Controller } from './controller.ts';
import { shownLayer } from './model/loss.ts';
import type { RowModel } from './model/row-model.ts';
import { ago, counted, number } from './model/words.ts';
import type { Actions } from './parts/actions.ts';
import { ContextBar, Figures } from './parts/context-bar.tsx';
import { DiffPanel } from './parts/diff-panel.tsx';
import { Fields } from './parts/fields.tsx';
import { Header, Pickers } from './parts/header.tsx';
import { LossLine } from './parts/loss-line.tsx';
import { PlainMessages } from './parts/plain-messages.tsx';
import { Problems } from './parts/problems.tsx';
import { Empty, Excerpt, Failure, MaskNotes, Restricted, Work } from './parts/strips.tsx';
import { TokenPanel } from './parts/token-panel.tsx';
import type { TabName, ViewState } from './view-state.ts';

interface AppProps {
  readonly view: ViewState;
  readonly actions: Actions;
  readonly controller: Controller;
}

export function App({ view, actions, controller }: AppProps) {
  const { row, pickers, host, model } = view;
  // The Diff view has pickers, figures and a sentence of its own.
  const comparing = view.tab === 'diff' && model !== null;
  if (host.kind === 'empty' || (row === null && host.kind === 'ready')) return <Empty actions={actions} />;
  return (
    <>
      <h1 class="sr">
        {row === null ? 'Row inspector' : `Row inspector: row ${number(row.row)} of ${number(row.rows)}`}
      </h1>
      {row === null || pickers === null ? null : (
        <header class="top">
          <Header row={row} note={comparing ? rowNote(model) : null} follow={view.follow} actions={actions} />
          {comparing ? null : (
            <>
              <Pickers pickers={pickers} actions={actions} />
              {model === null ? null : <Figures model={model} />}
              {model === null ? null : <ContextBar model={model} />}
              {row.maskNotes === undefined ? null : <MaskNotes notes={row.maskNotes} />}
              {model?.loss ? <LossLine loss={model.loss} wanted={view.lossLayer} actions={actions} /> : null}
            </>
          )}
        </header>
      )}
      {host.kind === 'loading' ? <Work what={host.what} /> : null}
      {host.kind === 'error' ? <Failure message={host.message} old={row !== null} /> : null}
      {row?.restricted ? <Restricted tokenizer={tokenizerName(view)} actions={actions} /> : null}
      {row === null || comparing ? null : <Problems key={`${row.uri} ${row.row}`} row={row} actions={actions} />}
      {model === null ? (
        <Unrendered view={view} />
      ) : (
        <Views view={view} model={model} actions={actions} controller={controller} />
      )}
      <p class="sr" id="help">
        Left and right arrow move by token, up and down by turn. Enter goes to the place in the file.
      </p>
    </>
  );
}

/** "467 tokens · max length 1,024" */
const rowNote = ({ total, maxLength }: RowModel): string =>
  `${counted(total, 'token')} · max length ${number(maxLength)}`;

const tokenizerName = ({ pickers }: ViewState): string =>
  pickers?.tokenizer.options.find((option) => option.value === pickers.tokenizer.value)?.label ??
  pickers?.tokenizer.value ??
  'the bundled tokenizer';

/** Rows without tokens: text that is not JSON, a template that raises, a tokenizer that is not there yet. */
function Unrendered({ view: { row, lastValid } }: { view: ViewState }) {
  if (row === null) return null;
  if (row.excerpt === null) return <PlainMessages messages={row.detail.messages} old={false} />;
  // The host may send the last version that it could read; else this page may have seen one.
  const own = lastValid?.row.detail.messages ?? [];
  const messages = row.detail.messages.length > 0 ? row.detail.messages : own;
  const age = lastValid === null ? '' : ` ${ago(Date.now() - lastValid.at)},`;
  return (
    <>
      <Excerpt excerpt={row.excerpt} />
      {messages.length === 0 ? null : (
        <>
          <p class="dim small pad">
            Last valid version of this row{age && ','}
            {age} is shown below.
          </p>
          <PlainMessages messages={messages} old={true} />
        </>
      )}
    </>
  );
}

interface ViewsProps extends AppProps {
  readonly model: RowModel;
}

function Views({ view, model, actions, controller }: ViewsProps) {
  const { row, tab, showSpace, sameRow, lossLayer } = view;
  if (row === null) return null;
  const panel = (name: 'rendered' | 'tokens') => (
    <TokenPanel
      name={name}
      row={row.row}
      model={model}
      sameRow={sameRow}
      showSpace={showSpace}
      loss={shownLayer(model.loss, lossLayer)}
      active={tab === name}
      controller={controller}
    />
  );
  const parts = row.detail.parts;
  return (
    <Tabs
      label="Views of the row"
      active={tab}
      onChange={(id) => actions.tab(id as TabName)}
      tabs={[
        { id: 'rendered', label: 'Rendered', body: panel('rendered') },
        { id: 'tokens', label: 'Tokens', body: panel('tokens') },
        { id: 'messages', label: 'Messages', body: <Fields model={model} actions={actions} /> },
        {
          id: 'diff',
          label: 'Diff',
          body: (
            <DiffPanel
              row={row.row}
              diff={view.diff}
              model={view.diffModel}
              fileDiff={view.fileDiff}
              hideEqual={view.hideEqual}
              at={view.diffAt}
              sameRow={sameRow}
              active={tab === 'diff'}
              actions={actions}
              controller={controller}
            />
          ),
        },
      ]}
      end={
        <>
          {parts.length > 1 ? (
            <Segments
              label="Answer"
              value={model.part.part}
              options={parts.map((part) => ({
                value: part.part,
                label: part.part === 'chosen' ? 'Chosen' : part.part === 'rejected' ? 'Rejected' : 'Row',
                note: number(part.counts.tokens),
              }))}
              onPick={(value) => actions.part(value as 'chosen' | 'rejected')}
            />
          ) : null}
          {tab !== 'rendered' ? null : (
            <IconButton
              icon="whitespace"
              label="Show whitespace"
              keys="W"
              pressed={showSpace}
              onClick={actions.toggleSpace}
            />
          )}
        </>
      }
    />
  );
}
