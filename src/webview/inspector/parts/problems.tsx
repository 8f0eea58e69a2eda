import { useState } from 'preact/hooks';
import type { Problem, Severity } from '../../../core/checks/problem.ts';
import type { InspectorRow } from '../../../core/protocol.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Sentence } from '../../ui/sentence.tsx';
import { type NumberedProblem, strip } from '../model/problem-strip.ts';
import type { Actions } from './actions.ts';

const SIGNS: Readonly<Record<Severity, { readonly icon: string; readonly tone: string; readonly word: string }>> = {
  error: { icon: 'error', tone: 'ic-error', word: 'Error: ' },
  warning: { icon: 'warning', tone: 'ic-warn', word: 'Warning: ' },
  information: { icon: 'info', tone: 'ic-info', word: 'Note: ' },
  hint: { icon: 'info', tone: 'ic-info', word: 'Hint: ' },
};

/** Two problems at most, worst first; the rest on demand. */
export function Problems({ row, actions }: { row: InspectorRow; actions: Actions }) {
  const [open, setOpen] = useState(false);
  const { shown, hidden } = strip(row.problems, open);
  if (shown.length === 0 && row.detail.templateError === null) return null;
  return (
    <section class="problems" aria-label="Problems in this row">
      {shown.map((problem) => (
        <ProblemLine key={problem.index} numbered={problem} row={row} actions={actions} />
      ))}
      <TemplateError row={row} actions={actions} />
      {hidden > 0 || (open && row.problems.length > 2) ? (
        <p class="problem-more">
          <LinkButton expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Show two' : `${hidden} more`}
          </LinkButton>
        </p>
      ) : null}
    </section>
  );
}

interface ProblemLineProps {
  readonly numbered: NumberedProblem;
  readonly row: InspectorRow;
  readonly actions: Actions;
}

function ProblemLine({ numbered: { problem, index }, row, actions }: ProblemLineProps) {
  const sign = SIGNS[problem.severity];
  const inTokens = problem.tokens !== undefined && row.detail.parts.length > 0;
  return (
    <div class="problem">
      <Icon name={sign.icon} tone={sign.tone} small />
      <p>
        <span class="sr">{sign.word}</span>
        <Sentence text={problem.message} />
      </p>
      <span class="acts">
        <LinkButton
          onClick={() => actions.showProblem(index)}
          label={`${inTokens ? 'Show' : 'Go to'}: ${problem.message}`}
        >
          {inTokens ? 'Show' : 'Go to'}
        </LinkButton>
        <Remedies problem={problem} index={index} row={row} actions={actions} />
      </span>
    </div>
  );
}

/** Every problem leads somewhere: to its fix, to the template that raised, or to what the check is about. */
function Remedies({
  problem,
  index,
  row,
  actions,
}: {
  problem: Problem;
  index: number;
  row: InspectorRow;
  actions: Actions;
}) {
  const fixes = problem.fixes ?? [];
  if (fixes.length > 0)
    return (
      <>
        {fixes.slice(0, 2).map((fix, i) => (
          <LinkButton key={fix.title} className="fix" onClick={() => actions.applyFix(index, i)}>
            {fix.title}
          </LinkButton>
        ))}
      </>
    );
  if (row.detail.templateError !== null && problem.code.startsWith('template/'))
    return <OpenTemplate line={row.detail.templateError.line} actions={actions} />;
  return (
    <LinkButton onClick={() => actions.command('show-check', problem.code)} label={`Why: ${problem.message}`}>
      Why
    </LinkButton>
  );
}

const OpenTemplate = ({ line, actions }: { line: number | null; actions: Actions }) => (
  <LinkButton onClick={() => actions.command('open-template', line === null ? undefined : String(line))}>
    {line === null ? 'Open template' : `Open template, line ${line}`}
  </LinkButton>
);

/** The template's refusal, where no check has said it. */
function TemplateError({ row, actions }: { row: InspectorRow; actions: Actions }) {
  const error = row.detail.templateError;
  if (error === null || row.problems.some((problem) => problem.code.startsWith('template/'))) return null;
  return (
    <div class="problem">
      <Icon name="error" tone="ic-error" small />
      <p>
        <span class="sr">Error: </span>The template refuses this row: “{error.message}”.
      </p>
      <span class="acts">
        <OpenTemplate line={error.line} actions={actions} />
      </span>
    </div>
  );
}
