import { figure } from '../checks/lib/words.ts';
import { effectiveBatch, halvedBatch } from './defaults.ts';
import { type EndingRule, LOG_RULES, PEER_RULES } from './ending-rules.ts';
import type { ErrorEvent } from './events.ts';
import type { RunSpec } from './spec.ts';
import type { RunStatus } from './state.ts';

/** What is known of a run that ended by itself. */
export interface EndingFacts {
  /** Exit code of the trainer, or of torchrun; 128 + n and -n mean signal n. */
  readonly code: number | null;
  readonly error: Pick<ErrorEvent, 'type' | 'message'> | null;
  /** The end of out.log. */
  readonly log: string;
  readonly spec: Pick<RunSpec, 'args' | 'maxLength' | 'model' | 'packing'> | null;
  readonly worldSize: number | null;
  /** Tokens of the longest row of the last batch, or of the file; null: not known. */
  readonly longest: number | null;
  readonly checkpoints: number;
}

export interface Ending {
  /** A few words for a headline, without a point: "GPU out of memory". */
  readonly short: string;
  /** Sentences. */
  readonly reason: string;
  readonly remedy: string;
  /** Arguments with which it may go well: a button "Start again with batch 2". */
  readonly retry: { readonly title: string; readonly args: RunSpec['args'] } | null;
}

/** UTF-16 units of the log that are looked at, from its end. */
const MOST_LOG = 100_000;

/** Why a run ended, and what to do; null where nothing is known beyond that it failed. */
export function endingOf(facts: EndingFacts): Ending | null {
  const { error } = facts;
  const log = facts.log.slice(-MOST_LOG);
  const said = error === null ? '' : `${error.type}: ${error.message}`.slice(0, MOST_LOG);
  // A rank that lost its peer says so, and the peer says why: that counts more, wherever it stands.
  return OWN.has(error?.type ?? '') && error !== null
    ? ownWords(error)
    : (match(LOG_RULES, said, facts) ??
        match(LOG_RULES, log, facts) ??
        match(PEER_RULES, said, facts) ??
        match(PEER_RULES, log, facts) ??
        bySignal(facts) ??
        (error === null ? null : unknownError(error)));
}

function match(rules: readonly EndingRule[], text: string, facts: EndingFacts): Ending | null {
  if (text === '') return null;
  for (const rule of rules) {
    const found = rule.pattern.exec(text);
    if (found === null) continue;
    if (rule.memory) return outOfMemory(rule, facts);
    const name = found.slice(1).find((group) => group !== undefined) ?? '';
    const fill = (sentence: string): string => sentence.replaceAll('{}', name.slice(0, 120));
    return { short: fill(rule.short), reason: fill(rule.reason), remedy: fill(rule.remedy), retry: null };
  }
  return null;
}

/** Half the batch and as many rows in a step; where a batch is one row already, other ways. */
function outOfMemory(rule: EndingRule, { spec, worldSize, longest }: EndingFacts): Ending {
  const ranks = worldSize ?? 1;
  const half = spec === null ? null : halvedBatch(spec.args, ranks);
  const row = longest === null ? '' : ` The longest row of the batch has ${figure(longest)} tokens.`;
  const { short } = rule;
  const reason = `${rule.reason}${row}`;
  if (spec !== null && half !== null) {
    const kept = effectiveBatch(half.args, ranks) === effectiveBatch(spec.args, ranks);
    return {
      short,
      reason,
      remedy: kept
        ? `Halve the batch: the effective batch size of ${figure(effectiveBatch(spec.args, ranks))} is kept.`
        : 'Halve the batch.',
      retry: { title: `Start again with batch ${half.perDevice}`, args: half.args },
    };
  }
  return { short, reason, remedy: rule.remedy, retry: null };
}

/** train.py's own errors: the first sentence says what is, the rest what to do. */
const OWN = new Set(['WorldSizeMismatch', 'DataMismatch', 'VocabularyMismatch', 'MissingGpu', 'MissingModel']);
const SHORT: Readonly<Record<string, string>> = {
  WorldSizeMismatch: 'wrong number of processes',
  DataMismatch: 'the data is not what was handed over',
  VocabularyMismatch: 'the tokenizer does not fit the model',
  MissingGpu: 'no GPU for this method',
  MissingModel: 'no model',
};

function ownWords({ type, message }: Pick<ErrorEvent, 'type' | 'message'>): Ending {
  const text = message.trim().slice(0, 1000);
  const end = /[.!?]\s+(?=\S)/.exec(text);
  const reason = end === null ? text : text.slice(0, end.index + 1);
  const remedy = end === null ? '' : text.slice(end.index + end[0].length);
  const help =
    type === 'VocabularyMismatch' ? 'Set `tokenizer` to the model, and start again.' : 'Start the run again.';
  return { short: SHORT[type] ?? type, reason, remedy: remedy === '' ? help : remedy, retry: null };
}

const SIGNALS: Readonly<Record<number, { readonly short: string; readonly reason: string; readonly remedy: string }>> =
  {
    4: {
      short: 'a program of another processor',
      reason: 'Python stopped at an instruction that this processor does not have.',
      remedy: 'Install torch for this machine.',
    },
    6: {
      short: 'aborted',
      reason: 'A library of the trainer gave up (SIGABRT).',
      remedy: 'Look at the last lines of the log. With several processes, one of them usually ended first.',
    },
    7: {
      short: 'bus error',
      reason: 'A library of the trainer could not reach its memory (SIGBUS), often because shared memory is full.',
      remedy: 'Set `dataloader_num_workers` to 0, or give the container more shared memory.',
    },
    9: {
      short: 'killed, memory ran out',
      reason: 'The system killed the trainer, most likely because the memory of the machine ran out.',
      remedy: 'Use a smaller model, a shorter `maxLength`, or a machine with more memory.',
    },
    11: {
      short: 'Python crashed',
      reason: 'Python crashed (segmentation fault).',
      remedy:
        'The log may say where. Usually torch and the driver, or two packages, do not fit: make the environment new.',
    },
    15: {
      short: 'ended from outside',
      reason: 'The trainer was asked to end from outside (SIGTERM).',
      remedy: 'Resume it: it goes on from its last checkpoint.',
    },
  };

function bySignal({ code, checkpoints }: EndingFacts): Ending | null {
  if (code === null) return null;
  const signal = code < 0 ? -code : code > 128 && code < 160 ? code - 128 : 0;
  const known = SIGNALS[signal];
  if (known !== undefined) {
    const resume = signal === 9 && checkpoints > 0 ? ' It can go on from its last checkpoint.' : '';
    return { ...known, remedy: `${known.remedy}${resume}`, retry: null };
  }
  if (code === 126 || code === 127)
    return {
      short: 'Python not found',
      reason: 'The Python of the target could not be started.',
      remedy: 'Set `python` of the target to one that is there, or leave it out: an environment is made.',
      retry: null,
    };
  return null;
}

function unknownError({ type, message }: Pick<ErrorEvent, 'type' | 'message'>): Ending {
  const line = message.trim().split('\n')[0]?.trim().slice(0, 300) ?? '';
  return {
    short: type,
    reason: line === '' ? `It ended with ${type}.` : `It ended with ${type}: ${line.replace(/[.:]$/, '')}.`,
    remedy: 'The log has all of it.',
    retry: null,
  };
}

/** The status of a run that failed or was lost, with the reason that its log tells. What was asked for or is not over stays. */
export function withEnding(status: RunStatus, facts: Omit<EndingFacts, 'code' | 'error'>): RunStatus {
  if (status.state !== 'failed' && status.state !== 'lost') return status;
  const ending = endingOf({ ...facts, code: status.code, error: status.error });
  return ending === null ? status : { ...status, reason: ending.reason, remedy: ending.remedy };
}
