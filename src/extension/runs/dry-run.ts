import { effectiveBatch } from '../../core/runs/defaults.ts';
import type { SplitManifest } from '../../core/runs/folder.ts';
import type { RunSpec } from '../../core/runs/spec.ts';
import { count, counted, percent } from '../rows/words.ts';
import type { PreparedRun } from './engine.ts';

/** What a run would do, as text: rows, tokens, what is left out, steps. `warnings`: sentences. */
export function dryRunText(
  name: string,
  spec: RunSpec,
  { manifest, trainer }: PreparedRun,
  warnings: readonly string[],
): string {
  const worldSize = trainer.worldSize ?? 1;
  const batch = effectiveBatch(trainer.args, worldSize);
  const { train, eval: held } = manifest;
  // Packs are filled nearly to the brim.
  const sequences = trainer.packing === null ? train.written : Math.ceil(train.tokens / trainer.maxLength);
  const steps = Math.max(1, Math.ceil(sequences / batch));
  const epochs = Number(trainer.args['num_train_epochs'] ?? 3);
  const most = Number(trainer.args['max_steps'] ?? -1);
  const all = most > 0 ? most : Math.ceil(steps * epochs);
  const about = trainer.packing === null ? '' : 'about ';
  const lines = [
    `Dry run of ${name}: nothing was started.`,
    '',
    `Model            ${spec.model}, ${spec.method}`,
    `Format           ${manifest.format}`,
    `Max length       ${count(trainer.maxLength)} tokens`,
    ...splitLines('Training', train),
    ...(held === null ? ['Eval             none'] : splitLines('Eval', held)),
    '',
    `Effective batch  ${counted(batch, trainer.packing === null ? 'row' : 'pack')}${trainer.worldSize === null ? ' on one device' : ` on ${counted(worldSize, 'process', 'processes')}`}`,
    `Steps per epoch  ${about}${count(steps)}`,
    `Steps in all     ${about}${count(all)}${most > 0 ? ' (max_steps)' : ` (${epochs} ${epochs === 1 ? 'epoch' : 'epochs'})`}`,
    ...(warnings.length === 0 ? [] : ['', ...warnings.map((warning) => `Warning: ${warning}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

function splitLines(title: string, split: SplitManifest): readonly string[] {
  const { rows, written, withoutLabel, unreadable, tokens, trained, truncated, longest } = split;
  const left = [
    ...(withoutLabel > 0 ? [`${count(withoutLabel)} without a label`] : []),
    ...(unreadable > 0 ? [`${count(unreadable)} unreadable`] : []),
  ];
  return [
    `${title.padEnd(17)}${counted(written, 'row')}${written === rows ? '' : ` of ${count(rows)}`}${left.length === 0 ? '' : `, left out: ${left.join(', ')}`}`,
    `${' '.repeat(17)}${counted(tokens, 'token')}, ${count(trained)} trained (${percent(trained, tokens)}), longest row ${count(longest)}${truncated > 0 ? `, ${counted(truncated, 'token')} cut` : ''}`,
  ];
}
