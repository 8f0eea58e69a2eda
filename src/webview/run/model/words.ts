import type { RunHead } from '../../../core/run-protocol.ts';
import type { Method } from '../../../core/runs/spec.ts';
import { durationOf } from '../../../core/runs/time.ts';
import { clock } from './format.ts';

const METHODS: Readonly<Record<Method, string>> = {
  full: 'All weights of',
  lora: 'LoRA on',
  qlora: 'QLoRA on',
  dpo: 'DPO on',
  kto: 'KTO on',
};

/** What a reason says after its first sentence, which the headline has. */
export const moreOf = (reason: string): string =>
  reason
    .split(/(?<=\.)\s+(?=[A-Z0-9])/)
    .slice(1)
    .join(' ');

/** The log of another trainer: it has no spec and no target, and nothing can be started. */
export const isImported = ({ record }: RunHead): boolean => record.specPath === '';

/** One line of plain figures under the headline. */
export function facts(head: RunHead): readonly string[] {
  const { record, worldSize, deviceName, epoch, epochs, started, ended, left } = head;
  const { target, spec } = record;
  const where = target.name === 'local' ? 'this computer' : target.name;
  const device = deviceName === null ? null : `${worldSize ?? 1} × ${deviceName.replace(/^NVIDIA /, '')}`;
  const times = [
    ...(started === null ? [] : [`started ${clock(started)}`]),
    ...(ended !== null
      ? [`ended ${clock(ended)}`]
      : left !== null && head.lastEvent !== null
        ? [`ends about ${clock(head.lastEvent + left)}`]
        : []),
  ].join(', ');
  return [
    record.name,
    ...(isImported(head)
      ? []
      : [
          device === null ? where : `${where}, ${device}`,
          `${METHODS[spec.method]} ${spec.model.split('/').at(-1) ?? spec.model}`,
        ]),
    ...(epoch === null ? [] : [`epoch ${epoch.toFixed(2)}${epochs === null || epochs === 0 ? '' : ` of ${epochs}`}`]),
    ...(head.attempt > 1 ? [`attempt ${head.attempt}`] : []),
    ...(times === '' ? [] : [times]),
  ];
}

/** "1 s ago", "3 minutes ago". */
export const ago = (ms: number): string => (ms < 1000 ? 'just now' : `${durationOf(ms)} ago`);
