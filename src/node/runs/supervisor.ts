import { Readable } from 'node:stream';
import { RUN_FILES } from '../../core/runs/folder.ts';
import { quote, secretLines } from './quote.ts';
import { RunnerError } from './runner.ts';
import type { Scheduler, SchedulerContext } from './scheduler.ts';
import { script } from './script.ts';
import common from './scripts/common.sh';
import startScript from './scripts/start.sh';
import stopScript from './scripts/stop.sh';
import submitCommon from './scripts/submit-common.sh';
import superviseScript from './scripts/supervise.sh';
import { commandOf } from './torchrun.ts';

const START = 60_000;
const STOP = 30_000;

/** A process of its own on the target, without a queue. */
export function supervisor({ transport, target }: SchedulerContext): Scheduler {
  return {
    files: () => [{ name: RUN_FILES.supervisor, text: `#!/bin/sh\n${common}\n${superviseScript}`, program: true }],
    async submit(job, signal) {
      const secrets = secretLines(job.secrets);
      const setup = [
        ...target.setup,
        ...(job.visible === null ? [] : [`export CUDA_VISIBLE_DEVICES=${quote(job.visible)}`]),
      ];
      const text = script(
        submitCommon + startScript,
        { RUN: { path: job.folder }, RESUME: job.resume, SECRETS: secrets !== '', PYTHON: { path: job.python } },
        commandOf(job.python, job.gpus, job.program),
        setup,
      );
      const { code, err } = await transport.run(text, { timeout: START, signal, ...inputOf(secrets) });
      if (code !== 0) throw notBegun(transport.where, err);
    },
    question: () => ({ script: '', setup: [] }),
    answered: () => null,
    async stop(folder, mode) {
      const { code, err } = await transport.run(script(stopScript, { RUN: { path: folder }, MODE: mode }), {
        timeout: STOP,
      });
      if (code !== 0)
        throw new RunnerError('submit', `The run could not be stopped: ${err.trim().slice(0, 300)}.`, 'Try again.');
    },
  };
}

/** Secrets travel on standard input and nowhere else. */
export const inputOf = (secrets: string): { readonly input?: Readable } =>
  secrets === '' ? {} : { input: Readable.from([Buffer.from(secrets)]) };

const notBegun = (where: string, said: string): RunnerError =>
  new RunnerError(
    'submit',
    `The run could not be started on ${where}${said.trim() === '' ? '' : `: ${said.trim().split('\n').at(-1)?.slice(0, 300)}`}.`,
    'Look whether the lines of setup work there, and start it again.',
  );
