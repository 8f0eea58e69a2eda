import { describe, expect, it } from 'vitest';
import { withDefaults } from './defaults.ts';
import { LOG_RULES, PEER_RULES } from './ending-rules.ts';
import { type EndingFacts, endingOf, withEnding } from './endings.ts';
import type { RunStatus } from './state.ts';

const spec = withDefaults({ model: 'm', data: { train: 't', eval: null }, args: { per_device_train_batch_size: 4 } });
const NOTHING: EndingFacts = { code: 1, error: null, log: '', spec, worldSize: 1, longest: null, checkpoints: 0 };
const of = (more: Partial<EndingFacts>): ReturnType<typeof endingOf> => endingOf({ ...NOTHING, ...more });
const error = (type: string, message: string): Partial<EndingFacts> => ({ error: { type, message } });

describe('endingOf', () => {
  it('halves the batch where GPU memory ran out', () => {
    const log =
      'step 11\ntorch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.32 GiB. GPU 0 has a total capacity of 23.5 GiB';
    expect(of({ log, longest: 3977 })).toEqual({
      short: 'GPU out of memory',
      reason: 'GPU out of memory. The longest row of the batch has 3,977 tokens.',
      remedy: 'Halve the batch: the effective batch size of 16 is kept.',
      retry: {
        title: 'Start again with batch 2',
        args: { ...spec.args, per_device_train_batch_size: 2, gradient_accumulation_steps: 8 },
      },
    });
    const one = { ...spec, args: { ...spec.args, per_device_train_batch_size: 1 } };
    expect(of({ log, spec: one })).toMatchObject({
      remedy: 'Shorten `maxLength`, keep `gradient_checkpointing`, or train with `lora` or `qlora`.',
      retry: null,
    });
    const odd = { ...spec, args: { ...spec.args, per_device_train_batch_size: 3, gradient_accumulation_steps: 5 } };
    expect(of({ log, spec: odd })).toMatchObject({
      retry: { title: 'Start again with batch 1', args: { gradient_accumulation_steps: 15 } },
    });
  });

  it.each([
    [
      error('RuntimeError', 'MPS backend out of memory (MPS allocated: 17.95 GB, max allowed: 18.13 GB)'),
      'GPU out of memory',
    ],
    [
      error(
        'RuntimeError',
        "[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 137438953472 bytes.",
      ),
      'out of memory',
    ],
    [error('MemoryError', ''), 'out of memory'],
    [
      {
        log: 'slurmstepd: error: Detected 1 oom_kill event in StepId=12.0. Some of the step tasks have been OOM Killed.',
      },
      'killed, memory ran out',
    ],
    [{ code: 137 }, 'killed, memory ran out'],
    [{ code: -9 }, 'killed, memory ran out'],
    [{ code: 1, log: 'traceback : Signal 9 (SIGKILL) received by PID 812' }, 'killed, memory ran out'],
    [{ code: 139 }, 'Python crashed'],
    [{ code: 1, log: '  exitcode  : -11 (pid: 99)' }, 'Python crashed'],
    [{ code: 135 }, 'bus error'],
    [{ code: 134 }, 'aborted'],
    [{ code: 143 }, 'ended from outside'],
    [{ code: 127 }, 'Python not found'],
    [
      { log: 'Traceback (most recent call last):\n  File "train.py"\nModuleNotFoundError: No module named \'trl\'\n' },
      'a package is missing',
    ],
    [error('ModuleNotFoundError', "No module named 'peft'"), 'a package is missing'],
    [
      error(
        'ImportError',
        'Using `bitsandbytes` 4-bit quantization requires bitsandbytes: `pip install -U bitsandbytes>=0.46.1`',
      ),
      'bitsandbytes is missing',
    ],
    [
      error(
        'ImportError',
        'FlashAttention2 has been toggled on, but it cannot be used due to the following error: the package flash_attn seems to be not installed.',
      ),
      'flash attention is missing',
    ],
    [
      error('OSError', 'You are trying to access a gated repo.\nMake sure to have access to it. 401 Client Error.'),
      'the model is gated',
    ],
    [
      error(
        'GatedRepoError',
        '403 Client Error. Your request to access model x/y is awaiting a review from the repo authors.',
      ),
      'the model is gated',
    ],
    [
      error('OSError', 'x/yy is not a local folder and is not a valid model identifier listed on the Hub'),
      'no such model',
    ],
    [error('RepositoryNotFoundError', '401 Client Error. Repository Not Found for url: ...'), 'no such model'],
    [error('HfHubHTTPError', '401 Client Error: Unauthorized for url: ...'), 'the Hub refuses the token'],
    [error('OSError', 'm does not appear to have a file named config.json.'), 'a file of the model is missing'],
    [
      error('OSError', "We couldn't connect to the Hub to load the files, and couldn't find them in the cached files."),
      'the Hub cannot be reached',
    ],
    [
      error(
        'ValueError',
        'Loading m requires you to execute the configuration file in that repo on your local machine.',
      ),
      'the model brings its own code',
    ],
    [
      error(
        'ValueError',
        'The checkpoint you are trying to load has model type `qwen9` but Transformers does not recognize this architecture.',
      ),
      'transformers is too old for the model',
    ],
    [error('OSError', '[Errno 28] No space left on device: out/checkpoint-5'), 'disk full'],
    [
      error('SafetensorError', 'Error while serializing: I/O error: No space left on device (os error 28)'),
      'disk full',
    ],
    [error('OSError', '[Errno 122] Disk quota exceeded'), 'disk quota used up'],
    [error('PermissionError', "[Errno 13] Permission denied: '/scratch/x'"), 'not allowed to write'],
    [
      error(
        'RuntimeError',
        "DataLoader worker (pid 3) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory.",
      ),
      'shared memory full',
    ],
    [error('IndexError', 'index out of range in self'), 'the tokenizer does not fit the model'],
    [
      error(
        'VocabularyMismatch',
        'train.arrow holds token 151,936, and m knows 32,000 tokens. Set tokenizer to the model.',
      ),
      'the tokenizer does not fit the model',
    ],
    [error('TypeError', "SFTConfig.__init__() got an unexpected keyword argument 'lerning_rate'"), 'unknown argument'],
    [
      error(
        'ValueError',
        "Target modules {'q_prj'} not found in the base model. Please check the target modules and try again.",
      ),
      'no layers of that name',
    ],
    [error('ValueError', "Your setup doesn't support bf16/gpu."), 'no bfloat16'],
    [
      error('AcceleratorError', 'CUDA error: no kernel image is available for execution on the device'),
      'torch is not made for this GPU',
    ],
    [
      error('RuntimeError', 'The NVIDIA driver on your system is too old (found version 11040).'),
      'the GPU driver is too old',
    ],
    [error('RuntimeError', 'No CUDA GPUs are available'), 'no GPU'],
    [error('AssertionError', 'Torch not compiled with CUDA enabled'), 'no GPU'],
    [
      error('ValueError', 'Unrecognized model in m. Should have a `model_type` key in its config.json.'),
      'not a model to train',
    ],
    [
      error('ValueError', "Couldn't instantiate the backend tokenizer from one of: (1) a `tokenizers` library"),
      'no tokenizer',
    ],
    [
      error(
        'ImportError',
        "FlashAttention2 has been toggled on, but it cannot be used due to the following error: the package for FlashAttention2 doesn't seem to be installed.",
      ),
      'flash attention is missing',
    ],
    [error('AcceleratorError', 'CUDA error: device-side assert triggered'), 'an index out of range on the GPU'],
    [error('ValueError', 'num_samples should be a positive integer value, but got num_samples=0'), 'no rows'],
    [
      { log: 'slurmstepd: error: *** JOB 12 ON n1 CANCELLED AT 2026-11-21T10:00:00 DUE TO TIME LIMIT ***' },
      'time limit',
    ],
    [
      {
        log: 'slurmstepd: error: *** JOB 12 ON n1 CANCELLED AT 2026-11-21T10:00:00 DUE TO NODE FAILURE, SEE SLURMCTLD LOG FOR DETAILS ***',
      },
      'a node failed',
    ],
    [{ log: '*** JOB 12 CANCELLED DUE TO PREEMPTION ***' }, 'its nodes were taken'],
    [
      {
        log: 'torch.distributed.DistNetworkError: The server socket has failed to listen on any local network address. port: 29500, EADDRINUSE',
      },
      'the port is taken',
    ],
    [
      { log: 'RendezvousConnectionError: The connection to the C10d store has failed.' },
      'the nodes did not find each other',
    ],
    [
      error(
        'RuntimeError',
        '[/third_party/gloo/gloo/transport/tcp/pair.cc:553] Connection closed by peer [127.0.0.1]:5611',
      ),
      'a process ended first',
    ],
    [
      error(
        'DistBackendError',
        'NCCL error in: ProcessGroupNCCL.cpp:3356, unhandled system error, NCCL version 2.29. ncclSystemError',
      ),
      'the GPUs lost each other',
    ],
    [error('KeyError', "'labels'"), 'KeyError'],
  ] satisfies [Partial<EndingFacts>, string][])('%j: %s', (facts, short) => {
    const ending = of(facts);
    expect(ending?.short).toBe(short);
    for (const sentence of [ending?.reason, ending?.remedy]) {
      expect(sentence).toMatch(/^(?:[A-Z]|train\.arrow).*\.$/s);
      expect(sentence).not.toContain('{}');
      expect(sentence).not.toContain('!');
    }
  });

  it('believes the rank that had the cause', () => {
    const log = '[rank1]: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1 GiB.';
    expect(of({ ...error('RuntimeError', 'Connection closed by peer [10.0.0.2]:1'), log })?.short).toBe(
      'GPU out of memory',
    );
  });

  it('names what is missing', () => {
    expect(of(error('ModuleNotFoundError', "No module named 'datasets'"))?.reason).toBe(
      'The package datasets is missing on the target.',
    );
    expect(of(error('TypeError', "DPOConfig.__init__() got an unexpected keyword argument 'x'"))?.remedy).toBe(
      'Remove `x` from `args`, or correct its name.',
    );
    expect(
      of(error('DataMismatch', 'train.arrow is missing in the folder of the run. Start the run again.')),
    ).toMatchObject({
      reason: 'train.arrow is missing in the folder of the run.',
      remedy: 'Start the run again.',
    });
  });

  it('knows nothing of what it does not know', () => {
    expect(of({ code: 1 })).toBeNull();
    expect(of({ code: null })).toBeNull();
    expect(of({ log: 'x'.repeat(1_000_000) })).toBeNull();
  });

  it('leaves runs that did not fail alone', () => {
    const status = { state: 'unknown', code: 137, error: null, reason: 'r', remedy: null } as unknown as RunStatus;
    expect(withEnding(status, NOTHING)).toBe(status);
    expect(withEnding({ ...status, state: 'failed' }, NOTHING)).toMatchObject({
      reason: expect.stringMatching(/killed/) as string,
    });
    expect(withEnding({ ...status, state: 'failed', code: 3 }, NOTHING)).toMatchObject({ reason: 'r' });
  });

  it('has rules that say what is and what to do', () => {
    for (const { short, reason, remedy } of [...LOG_RULES, ...PEER_RULES]) {
      expect(short).not.toMatch(/\.$/);
      for (const sentence of [reason, remedy]) expect(sentence).toMatch(/^[A-Z].*[^.]\.$|\}\.$/);
    }
  });
});
