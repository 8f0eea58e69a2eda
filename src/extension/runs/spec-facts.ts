import { stat } from 'node:fs/promises';
import { Uri } from 'vscode';
import { nearest } from '../../core/checks/lib/words.ts';
import { blankComments } from '../../core/jsonl/lenient.ts';
import { place } from '../../core/runs/parse-spec.ts';
import type { RunSpec } from '../../core/runs/spec.ts';
import type { SpecFinding, SpecProblem } from '../../core/runs/spec-problem.ts';
import { type DataFacts, NO_DATA_FACTS, specWarnings } from '../../core/runs/warnings.ts';
import type { RunsHost } from './parts.ts';
import { besideSpec } from './spec-files.ts';
import type { Targets } from './targets.ts';

export interface FactParts {
  readonly host: RunsHost;
  readonly targets: Targets;
}

/** What this computer knows of a spec besides its text: files, targets, the rows of a dataset that is open. */
export async function specFacts(
  { host, targets }: FactParts,
  uri: Uri,
  text: string,
  spec: RunSpec,
): Promise<readonly SpecProblem[]> {
  const findings = [...unknownTarget(targets, spec), ...(await missingFiles(uri, spec))];
  return [...place(blankComments(text), findings), ...specWarnings(text, spec, dataFacts(host, uri, spec))];
}

/** Rows of more would be counted while a person types. */
const MOST_ROWS = 500_000;

/** What the open dataset tells; nothing is read for it. */
function dataFacts({ datasets }: RunsHost, uri: Uri, spec: RunSpec): DataFacts {
  const dataset = datasets.get(Uri.file(besideSpec(uri, spec.data.train)));
  const totals = dataset?.totals ?? null;
  if (dataset === undefined || totals === null) return NO_DATA_FACTS;
  const settings = dataset.analysis?.project.settings;
  const known = { rows: totals.rows, format: dataset.analysis?.format ?? null };
  const maxLength = spec.maxLength ?? settings?.maxLength ?? null;
  // Tokens are those of the run only where it reads the rows in the same way.
  const same = spec.tokenizer === undefined && spec.chatTemplate === undefined && spec.templateArgs === undefined;
  if (!same || totals.checked < totals.rows || totals.rows > MOST_ROWS || maxLength === null)
    return { ...NO_DATA_FACTS, ...known, maxLength };
  let longest = 0;
  let truncatedRows = 0;
  let tokens = 0;
  for (let row = 0; row < totals.rows; row++) {
    const length = dataset.summary(row)?.counts.tokens ?? 0;
    longest = Math.max(longest, length);
    tokens += length;
    if (length > maxLength) truncatedRows++;
  }
  return { ...known, maxLength, longest, truncatedRows, tokens };
}

function unknownTarget(targets: Targets, { target }: RunSpec): SpecFinding[] {
  const names = targets.all.map(({ name }) => name);
  if (names.includes(target)) return [];
  const meant = nearest(target, names) ?? (names.length === 1 ? (names[0] ?? null) : null);
  return [
    {
      severity: 'error',
      pointer: '/target',
      message: `The target ${JSON.stringify(target)} is not known. Known are ${names.map((name) => `\`${name}\``).join(', ')}; others are set in \`sftLens.targets\`.`,
      ...(meant === null ? {} : { fix: { title: `Change to \`${meant}\``, key: ['target'], value: meant } }),
    },
  ];
}

async function missingFiles(uri: Uri, { data }: RunSpec): Promise<SpecFinding[]> {
  const files = [
    { path: data.train, pointer: '/data/train' },
    ...(typeof data.eval === 'string' ? [{ path: data.eval, pointer: '/data/eval' }] : []),
  ];
  const missing = await Promise.all(
    files.map(async ({ path, pointer }): Promise<SpecFinding | null> => {
      try {
        const found = await stat(besideSpec(uri, path));
        if (found.isFile()) return null;
        return { severity: 'error', pointer, message: `\`${path}\` is a folder. Name a file of rows in it.` };
      } catch {
        return {
          severity: 'error',
          pointer,
          message: `There is no file \`${path}\`. A path counts from the folder of this spec.`,
        };
      }
    }),
  );
  return missing.filter((finding) => finding !== null);
}
