import type { Target } from '../../core/runs/target.ts';
import type { Gpu, Partition } from './runner.ts';
import { script } from './script.ts';
import factsScript from './scripts/facts.sh';
import type { Transport } from './transport.ts';

const TIMEOUT = 60_000;
const MIB = 1024 * 1024;

export interface PythonFact {
  readonly path: string;
  readonly version: string;
  /** It can make environments. */
  readonly venv: boolean;
}

export interface Facts {
  /** `uname -s` and `uname -m`. */
  readonly system: string;
  readonly machine: string;
  /** Absolute path; null: it cannot be made or written. */
  readonly workdir: string | null;
  /** Bytes. */
  readonly diskFree: number | null;
  /** In the order in which they were tried. */
  readonly pythons: readonly PythonFact[];
  readonly uv: string | null;
  readonly gpus: readonly Gpu[];
  /** What nvidia-smi says where it fails. */
  readonly gpuProblem: string | null;
  /** Of CUDA_VISIBLE_DEVICES; null: not set. */
  readonly visible: string | null;
  /** All processes of a user end with the last session. */
  readonly killsProcesses: boolean;
  readonly slurm: {
    readonly version: string;
    readonly partitions: readonly Partition[];
    readonly problem: string | null;
  } | null;
}

/** One call that looks at all that matters on a target. */
export async function lookAt(
  transport: Transport,
  target: Target,
  options: { readonly slurm: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Facts> {
  const text = script(
    factsScript,
    {
      WORKDIR: { path: target.workdir },
      PYTHON: target.python === null ? '' : { path: target.python },
      SLURM: options.slurm,
    },
    [],
    target.setup,
  );
  const { out } = await transport.run(text, { timeout: TIMEOUT, signal: options.signal });
  return parseFacts(out.toString('utf8'));
}

export function parseFacts(text: string): Facts {
  const found = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(' ');
    if (at < 0) continue;
    const key = line.slice(0, at);
    found.set(key, [...(found.get(key) ?? []), line.slice(at + 1)]);
  }
  const all = (key: string): readonly string[] => found.get(key) ?? [];
  const one = (key: string): string | null => all(key)[0] ?? null;
  const [system = '', machine = ''] = (one('system') ?? '').split('|');
  const worked = one('smi') === '0';
  return {
    system,
    machine,
    workdir: one('workdir'),
    diskFree: freeOf(one('df') ?? ''),
    pythons: all('python').map((line) => {
      const [version = '', venv, ...path] = line.split('|');
      return { version, venv: venv === '1', path: path.join('|') };
    }),
    uv: one('uv'),
    gpus: worked ? all('gpu').flatMap(gpuOf) : [],
    gpuProblem: one('smi') === null || worked ? null : (one('gpu') ?? ''),
    visible: one('visible'),
    killsProcesses: /true/.test(one('logind') ?? ''),
    slurm: one('slurm') === null ? null : slurmOf(one('slurm') ?? '', one('sinfo') === '0', all('partition')),
  };
}

/** Bytes free, of a line of `df -Pk`; names of devices and folders may hold spaces. */
export function freeOf(line: string): number | null {
  const match = /\s\d+\s+-?\d+\s+(-?\d+)\s+(?:\d+%|-)\s/.exec(line);
  return match ? Math.max(0, Number(match[1])) * 1024 : null;
}

/** index, memory total, memory used (MiB), utilization, name. Drivers say [N/A] or [Not Supported] where they do not know. */
function gpuOf(line: string): Gpu[] {
  const [index = '', total = '', used = '', utilization = '', ...name] = line.split(',').map((part) => part.trim());
  if (!/^\d+$/.test(index)) return [];
  const number = (text: string, unit: number): number | null =>
    /^\d+(\.\d+)?$/.test(text) ? Number(text) * unit : null;
  return [
    {
      index: Number(index),
      name: name.join(', ') || 'GPU',
      memoryTotal: number(total, MIB),
      memoryUsed: number(used, MIB),
      utilization: number(utilization, 1),
    },
  ];
}

function slurmOf(version: string, answered: boolean, lines: readonly string[]): Facts['slurm'] {
  return {
    version: version.replace(/^slurm(-wlm)? /, ''),
    problem: answered ? null : (lines[0] ?? 'sinfo does not answer'),
    partitions: answered
      ? lines.flatMap((line) => {
          const [name = '', available = '', timeLimit = '', nodes = '', gres = ''] = line.split('|');
          if (name === '') return [];
          return [
            {
              name: name.replace(/\*$/, ''),
              isDefault: name.endsWith('*'),
              available: available === 'up',
              timeLimit,
              nodes: Number(nodes) || 0,
              gres: gres === '(null)' ? '' : gres,
            },
          ];
        })
      : [],
  };
}
