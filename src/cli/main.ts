import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LensService } from '../core/service-types.ts';
import { locateInCache, withHub } from '../node/hub/hub-service.ts';
import { hubPlaces } from '../node/hub/places.ts';
import { createService } from '../node/service.ts';
import { findTrl } from '../node/trl/find-trl.ts';
import { withTrl } from '../node/trl/with-trl.ts';
import { UsageError } from './arguments.ts';
import { check } from './check.ts';
import { checks } from './checks.ts';
import type { Command, ExitCode } from './command.ts';
import { diff } from './diff.ts';
import { inspect } from './inspect.ts';
import { tokens } from './tokens.ts';
import { train } from './train.ts';

const COMMANDS: Readonly<Record<string, Command>> = { check, checks, diff, inspect, tokens, train };

const USAGE = `Usage: sft-lens COMMAND ...

${Object.values(COMMANDS)
  .map((command) => `  sft-lens ${command.usage}`)
  .join('\n')}

Common options, over sft-lens.json at or above the file:
  --tokenizer ID      bundled:qwen3, a folder with tokenizer.json, or a model of the Hugging Face Hub:
                      org/name, org/name@revision (HF_TOKEN where it asks for one)
  --tokenizer-class C file, or transformers-5: as transformers 5 builds it from the same files
  --chat-template ID  bundled:chatml, or a .jinja file
  --template-arg K=V  an extra template variable; may be repeated
  --mask NAME         trl-assistant, axolotl, unsloth, ...; a preset with options or a policy as JSON; or the config file
                      of a trainer, which gives what sft-lens.json does not (docs/masks.md)
  --max-length N      tokens
  --format NAME       messages, sharegpt, alpaca, ...; default: found out
  --transformers V    whose rendering rules apply
  --threads N         worker threads
  --config FILE       this sft-lens.json and no other
FILE may be -, .jsonl, .ndjson, a .json array, and any of them as .gz.
Exit code: 0 clean, 1 problems, 2 wrong usage or a file that cannot be read.
`;

/** Environments that may have TRL: the one that is active, else one right here. */
const PYTHONS = [process.env['VIRTUAL_ENV'], process.env['CONDA_PREFIX'], resolve('.venv'), resolve('venv')].filter(
  (folder) => folder !== undefined,
);

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

async function main(argv: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(USAGE);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UsageError(`There is no command ${name}. Run sft-lens help.`);
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`Usage: sft-lens ${command.usage}\n\nRun sft-lens help for the common options.\n`);
    return 0;
  }
  let service: LensService | undefined;
  try {
    return await command.run({
      argv: rest,
      service: (threads) =>
        (service ??= withTrl(
          withHub(
            createService({
              worker: here('worker.cjs'),
              assets: here('assets'),
              ...(threads === undefined ? {} : { threads }),
            }),
            locateInCache(hubPlaces()),
          ),
          () => findTrl(PYTHONS),
        )),
    });
  } finally {
    service?.dispose();
  }
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const expected = error instanceof UsageError || (error instanceof Error && 'code' in error);
    const text = error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`sft-lens: ${text}\n`);
    process.exitCode = 2;
  },
);
