import type { FieldCount } from '../../../core/analysis-types.ts';
import { LinkButton } from '../../ui/button.tsx';
import { listedFields, lostNote } from '../model/fields.ts';
import type { RowModel } from '../model/row-model.ts';
import { number } from '../model/words.ts';
import type { Actions } from './actions.ts';

/** The source fields and what became of them. */
export const Fields = ({ model, actions }: { model: RowModel; actions: Actions }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
  <section class="scroll" tabIndex={0} aria-label="Fields of the row">
    <table class="fields">
      <caption class="sr">Fields of the row and the tokens they become</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col" class="n">
            Characters
          </th>
          <th scope="col" class="n">
            Tokens
          </th>
          <th scope="col" class="n">
            Trained
          </th>
        </tr>
      </thead>
      <tbody>
        {listedFields(model.part.fields).map((field) => (
          <FieldRow key={field.pointer} field={field} actions={actions} />
        ))}
      </tbody>
    </table>
  </section>
);

function FieldRow({ field, actions }: { field: FieldCount; actions: Actions }) {
  const pointer = (
    <td class="ptr">
      <LinkButton onClick={() => actions.reveal(field.pointer)}>{field.pointer || '(the row)'}</LinkButton>
    </td>
  );
  if (!field.printed)
    return (
      <tr class="warn">
        {pointer}
        <td class="n">{number(field.characters)}</td>
        <td colSpan={2} class="lost">
          {lostNote(field)}
        </td>
      </tr>
    );
  return (
    <tr>
      {pointer}
      <td class="n">{field.characters === 0 && field.tokens > 0 ? '–' : number(field.characters)}</td>
      <td class="n">{number(field.tokens)}</td>
      <td class="n">{field.trained > 0 ? number(field.trained) : '–'}</td>
    </tr>
  );
}
