import { window } from 'vscode';
import type { Target } from '../../core/runs/target.ts';
import { unreachable } from '../../node/runs/probe.ts';
import type { Gpu, Probe } from '../../node/runs/runner.ts';
import { LOCAL } from '../../node/runs/target-setting.ts';
import { counted } from '../rows/words.ts';
import { sentencesOf } from './followed-run.ts';
import { type Targets, targetWords } from './targets.ts';

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 34 ? 1 : 0)} GiB`;

/** Asks for a target where there are several. */
export async function pickTarget(targets: Targets, title: string): Promise<Target | undefined> {
  const { all } = targets;
  if (all.length === 1) return all[0];
  const items = all.map((target) => ({ target, label: target.name, description: targetWords(target) }));
  return (await window.showQuickPick(items, { title }))?.target;
}

/** What a target has, as lines of text. */
export function probeText(target: Target, probe: Probe): string {
  const { reachable, python, uv, gpus, diskFree, slurm, problems } = probe;
  const lines = [
    `${target.name}: ${targetWords(target)}`,
    '',
    reachable ? 'It answers.' : 'It does not answer.',
    python === null
      ? `No Python with the trainer's packages yet${uv === null ? '' : '; uv makes one when the first run starts'}.`
      : `Python ${python.version}, ${python.path}`,
    ...(gpus.length === 0 ? ['No GPU: a run uses the processor.'] : gpus.map(gpuText)),
    ...(diskFree === null ? [] : [`${gib(diskFree)} free in ${target.workdir}`]),
    ...(slurm === null
      ? []
      : [
          `Slurm ${slurm.version}`,
          ...slurm.partitions.map(
            ({ name, isDefault, available, timeLimit, nodes, gres }) =>
              `  ${name}${isDefault ? ' (default)' : ''}: ${available ? counted(nodes, 'node') : 'not available'}, limit ${timeLimit}${gres === '' ? '' : `, ${gres}`}`,
          ),
        ]),
    ...(problems.length === 0 ? ['', 'Runs can start here.'] : ['', ...problems]),
  ];
  return `${lines.join('\n')}\n`;
}

function gpuText({ index, name, memoryTotal, memoryUsed, utilization }: Gpu): string {
  const memory =
    memoryTotal === null ? '' : `, ${gib(memoryTotal)}${memoryUsed === null ? '' : `, ${gib(memoryUsed)} in use`}`;
  return `GPU ${index}: ${name}${memory}${utilization === null ? '' : `, ${Math.round(utilization)} % busy`}`;
}

/** One line for a notification. */
export function probeSentence(target: Target, { reachable, gpus, problems }: Probe): string {
  if (!reachable) return `${target.name} does not answer. ${problems[0] ?? ''}`.trim();
  if (problems.length > 0) return `${target.name}: ${problems[0]}`;
  const what = gpus.length === 0 ? 'no GPU, a run uses the processor' : counted(gpus.length, 'GPU');
  return `${target.name === LOCAL ? 'This computer' : target.name} is ready: ${what}.`;
}

export const failedProbe = (error: unknown): Probe => {
  const { message, remedy } = sentencesOf(error);
  return unreachable([message, ...(remedy === null ? [] : [remedy])]);
};
