import { describe, expect, it } from 'vitest';
import type { Target } from '../../core/runs/target.ts';
import { freeOf, parseFacts } from './facts.ts';
import { chooseGpus, slurmGpus } from './gpus.ts';
import { queueReason, startSentence, submitError } from './slurm-words.ts';
import { sshError } from './ssh-errors.ts';

describe('facts of a target', () => {
  it('are read from lines, whatever the driver leaves out', () => {
    const facts = parseFacts(
      [
        'system Linux|x86_64',
        'workdir /home/me/runs dir',
        'df /dev/sda1 100000 40000 60000 40% /home',
        'python 3.9.2|1|/usr/bin/python3',
        'python 3.12.1|1|/opt/odd|name/python',
        'uv /home/me/.local/bin/uv',
        'smi 0',
        'gpu 0, 143771, 512, 3, NVIDIA H200',
        'gpu 1, [N/A], [Not Supported], [N/A], NVIDIA, odd',
        'gpu ',
        'slurm slurm-wlm 22.05.8',
        'sinfo 0',
        'partition debug*|up|infinite|2|gpu:fake:2(S:0)',
        'partition big|down|1-00:00:00|40|(null)',
      ].join('\n'),
    );
    expect(facts).toMatchObject({
      workdir: '/home/me/runs dir',
      diskFree: 60000 * 1024,
      uv: '/home/me/.local/bin/uv',
      gpuProblem: null,
      slurm: {
        version: '22.05.8',
        partitions: [
          { name: 'debug', isDefault: true, available: true, gres: 'gpu:fake:2(S:0)' },
          { name: 'big', isDefault: false, available: false, gres: '' },
        ],
      },
    });
    expect(facts.pythons[1]).toEqual({ version: '3.12.1', venv: true, path: '/opt/odd|name/python' });
    expect(facts.gpus).toEqual([
      { index: 0, name: 'NVIDIA H200', memoryTotal: 143771 * 2 ** 20, memoryUsed: 512 * 2 ** 20, utilization: 3 },
      { index: 1, name: 'NVIDIA, odd', memoryTotal: null, memoryUsed: null, utilization: null },
    ]);
  });

  it('name what nvidia-smi says where it fails, and nothing where there is none', () => {
    expect(parseFacts('smi 18\ngpu Failed to initialize NVML: Driver/library version mismatch').gpuProblem).toBe(
      'Failed to initialize NVML: Driver/library version mismatch',
    );
    expect(parseFacts('system Linux|x86_64')).toMatchObject({ gpuProblem: null, gpus: [], workdir: null });
  });

  it.each([
    ['/dev/sda1 100 40 60 40% /', 60 * 1024],
    ['my host:/my vol 100 40 60 40% /my mount', 60 * 1024],
    ['overlay 100 110 -10 110% /', 0],
    ['tmpfs 0 0 0 - /x', 0],
    ['', null],
  ])('free of %s', (line, bytes) => expect(freeOf(line)).toBe(bytes));
});

const gpu = (index: number, memoryUsed: number | null) => ({
  index,
  name: 'GPU',
  memoryTotal: 1,
  memoryUsed,
  utilization: null,
});

describe('GPUs of a run', () => {
  const facts = { gpus: [gpu(0, 9), gpu(1, 0), gpu(2, 5), gpu(3, 1)], visible: null };
  it('are those with the most free memory', () => {
    expect(chooseGpus(2, facts, 'box')).toEqual({ gpus: 2, visible: '1,3' });
    expect(chooseGpus('auto', facts, 'box')).toEqual({ gpus: 4, visible: null });
    expect(chooseGpus(2, { ...facts, visible: '0,2' }, 'box')).toEqual({ gpus: 2, visible: null });
    expect(chooseGpus('auto', { gpus: [], visible: null }, 'box')).toEqual({ gpus: 0, visible: null });
    expect(() => chooseGpus(5, facts, 'box')).toThrow('box has 4 GPUs. The run asks for 5.');
  });

  it('are all of a node of the partition on Slurm', () => {
    const slurm = {
      version: '',
      problem: null,
      partitions: [
        { name: 'a', isDefault: true, available: true, timeLimit: '', nodes: 1, gres: 'gpu:a100:4(S:0-1),gpu:v100:2' },
        { name: 'b', isDefault: false, available: true, timeLimit: '', nodes: 1, gres: '' },
      ],
    };
    const target = (options: object): Target => ({ slurm: options }) as Target;
    expect(slurmGpus('auto', target({}), { slurm })).toBe(6);
    expect(slurmGpus('auto', target({ gres: 'gpu:a100' }), { slurm })).toBe(4);
    expect(slurmGpus('auto', target({ gres: 'gpu:a100:3' }), { slurm })).toBe(3);
    expect(slurmGpus('auto', target({ partition: 'b' }), { slurm })).toBe(0);
    expect(slurmGpus(2, target({}), { slurm })).toBe(2);
  });
});

describe('what Slurm and ssh say, in sentences', () => {
  it.each([
    ['Resources', 'Slurm has no free nodes or GPUs.'],
    ['QOSMaxGRESPerUser', 'Your account or QOS is at its limit: it waits for your other jobs to end.'],
    ['AssocGrpGRES', 'Your account or QOS is at its limit: it waits for your other jobs to end.'],
    ['SomethingNew', "Slurm's reason is SomethingNew."],
    ['None', null],
  ])('%s', (reason, sentence) => expect(queueReason(reason)).toBe(sentence));

  it('a time to start', () => {
    expect(startSentence('2026-11-21T16:20:00')).toBe('It is expected to start about 16:20 on 2026-11-21 there.');
    expect(startSentence('N/A')).toBeNull();
  });

  it.each([
    [
      'sbatch: error: Batch job submission failed: Requested node configuration is not available',
      'submit',
      'No node of the partition has what the run asks for.',
    ],
    [
      'sbatch: error: invalid partition specified: x\nsbatch: error: Batch job submission failed: Invalid partition name specified',
      'submit',
      'Slurm has no such partition.',
    ],
    [
      'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)',
      'slurm',
      'Slurm does not answer.',
    ],
    ['/bin/sh: 12: sbatch: not found', 'slurm', 'There is no sbatch on the target.'],
  ])('%s', (said, code, message) => expect(submitError(said)).toMatchObject({ code, message }));

  it.each([
    ['me@h: Permission denied (publickey).', 'login'],
    ['Host key verification failed.', 'host-key'],
    ['ssh: connect to host h port 22: Connection timed out', 'unreachable'],
    ['kex_exchange_identification: Connection closed by remote host', 'unreachable'],
  ])('%s', (said, code) => expect(sshError('box', said).code).toBe(code));
});
