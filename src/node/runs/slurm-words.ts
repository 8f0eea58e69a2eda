import { RunnerError } from './runner.ts';

/** Why Slurm lets a job wait, in the words of squeue's column REASON. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^Resources$/, 'Slurm has no free nodes or GPUs.'],
  [/^Priority$/, 'Other jobs come first.'],
  [/^BeginTime$/, 'It starts again in about two minutes.'],
  [/^Dependency/, 'It waits for another job.'],
  [/^JobHeldUser$/, 'You hold it back: release it with scontrol release.'],
  [/^JobHeldAdmin$/, 'An administrator holds it back.'],
  [/^ReqNodeNotAvail/, 'Nodes that it needs are down or reserved.'],
  [/^Reservation$/, 'It waits for its reservation.'],
  [
    /^(QOS|Assoc).*(GRES|Gpu|Cpu|Node|Job|Mem|Billing|Time|Limit)/i,
    'Your account or QOS is at its limit: it waits for your other jobs to end.',
  ],
  [/^PartitionTimeLimit$/, 'It asks for more time than its partition gives: shorten time.'],
  [/^PartitionNodeLimit$/, 'It asks for more nodes than its partition has: ask for fewer.'],
  [/^(PartitionDown|PartitionInactive)$/, 'Its partition is down.'],
  [
    /^(launch failed requeued held|JobHoldMaxRequeue)/,
    'Slurm could not launch it and holds it back: release it with scontrol release.',
  ],
  [/^Licenses$/, 'It waits for licenses.'],
  [/^NodeDown$/, 'A node that it needs is down.'],
];

/** A sentence, or null where there is no reason. */
export function queueReason(reason: string): string | null {
  if (reason === '' || reason === 'None' || reason === '(null)') return null;
  return REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? `Slurm's reason is ${reason}.`;
}

/** When Slurm expects it to start; its own notation is 2026-11-21T16:20:00. */
export function startSentence(start: string): string | null {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(start);
  return match ? `It is expected to start about ${match[2]} on ${match[1]} there.` : null;
}

/** What sbatch says when it refuses. */
export function submitError(said: string): RunnerError {
  const line =
    said
      .trim()
      .split('\n')
      .find((text) => /error/i.test(text)) ??
    said.trim().split('\n').at(-1) ??
    '';
  const [message, remedy] = refusal(line);
  return new RunnerError(
    /Unable to contact|Connection refused|timed out|not found/i.test(line) ? 'slurm' : 'submit',
    message,
    remedy,
  );
}

function refusal(line: string): readonly [string, string] {
  if (/invalid partition/i.test(line))
    return ['Slurm has no such partition.', 'Set partition of the target to one that sinfo lists.'];
  if (/Requested node configuration is not available/i.test(line)) {
    return [
      'No node of the partition has what the run asks for.',
      'Ask for fewer GPUs or nodes, or set gres, cpusPerTask or mem of the target to what sinfo lists.',
    ];
  }
  if (/Invalid generic resource|invalid gres/i.test(line))
    return ['Slurm does not know these GPUs.', 'Set gres of the target to what sinfo lists in its column GRES.'];
  if (/Invalid account|account\/partition combination/i.test(line))
    return ['Slurm does not take the account.', 'Set account and partition of the target to those that you may use.'];
  if (/Invalid qos/i.test(line))
    return ['Slurm does not know this QOS.', 'Set qos of the target to one that you may use.'];
  if (/time limit|Invalid time/i.test(line))
    return ['Slurm does not take the time limit.', 'Set time of the target to less, as 12:00:00.'];
  if (/node count|More processors requested|Node count specification/i.test(line))
    return ['The partition has too few nodes or processors.', 'Ask for fewer.'];
  if (/Unable to contact|Connection refused|Connection timed out|slurm_load|Socket timed out/i.test(line))
    return ['Slurm does not answer.', 'Try again later. Nothing was submitted.'];
  if (/not found/i.test(line))
    return [
      'There is no sbatch on the target.',
      'Add a line to setup that loads Slurm, or remove slurm from the target.',
    ];
  return [
    `Slurm refuses the run: ${line.replace(/^sbatch: error: /, '').slice(0, 300)}.`,
    'Look at the Slurm options of the target.',
  ];
}
