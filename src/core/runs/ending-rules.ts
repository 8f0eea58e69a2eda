/** What the libraries of a trainer say when they end, in order: the first that fits counts. */
export interface EndingRule {
  /** Its first group that is not empty fills `{}`. */
  readonly pattern: RegExp;
  /** For a headline, without a point. */
  readonly short: string;
  readonly reason: string;
  readonly remedy: string;
  /** Memory of the device ran out: half the batch may do. */
  readonly memory?: true;
}

const LESS = 'Shorten `maxLength`, keep `gradient_checkpointing`, or train with `lora` or `qlora`.';

/** Causes. Messages of torch 2.13, transformers 5.23, TRL 1.16, peft 0.21, huggingface_hub 1.x, Slurm 22 to 25. */
export const LOG_RULES: readonly EndingRule[] = [
  {
    pattern:
      /CUDA out of memory|CUDA error: out of memory|HIP out of memory|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED/,
    short: 'GPU out of memory',
    reason: 'GPU out of memory.',
    remedy: LESS,
    memory: true,
  },
  {
    pattern: /MPS backend out of memory/,
    short: 'GPU out of memory',
    reason: 'GPU out of memory: Metal may use no more.',
    remedy: LESS,
    memory: true,
  },
  {
    pattern:
      /DefaultCPUAllocator: (?:can't allocate memory|not enough memory)|^MemoryError|\nMemoryError|_ArrayMemoryError|std::bad_alloc|\[Errno 12\] Cannot allocate memory/,
    short: 'out of memory',
    reason: 'Out of memory.',
    remedy: LESS,
    memory: true,
  },
  {
    pattern: /oom[-_]kill event|Out Of Memory|oom-killer|Memory cgroup out of memory/i,
    short: 'killed, memory ran out',
    reason: 'The system killed the trainer: it took more memory than the job may have.',
    remedy: 'Set `mem` of the target to more, or shorten `maxLength`.',
  },
  {
    pattern: /DUE TO TIME LIMIT/,
    short: 'time limit',
    reason: 'Its time limit ended it.',
    remedy: 'Set `time` of the target to more, and resume it: it goes on from its last checkpoint.',
  },
  {
    pattern: /DUE TO (?:NODE|BOOT) FAILURE|DUE TO NODE_FAIL/,
    short: 'a node failed',
    reason: 'A node failed while it ran.',
    remedy: 'Resume it: it goes on from its last checkpoint.',
  },
  {
    pattern: /DUE TO PREEMPTION/,
    short: 'its nodes were taken',
    reason: 'Slurm gave its nodes to another job.',
    remedy: 'Resume it: it goes on from its last checkpoint.',
  },
  {
    pattern: /No space left on device|os error 28|code: 28\b/,
    short: 'disk full',
    reason: 'The disk is full.',
    remedy: 'Delete old runs or checkpoints on the target, or set `save_total_limit` to 1, and resume it.',
  },
  {
    pattern: /Disk quota exceeded|os error 122|code: 122\b/,
    short: 'disk quota used up',
    reason: 'Your share of the disk is used up.',
    remedy: 'Delete old runs or checkpoints on the target, or set `workdir` of the target to another disk.',
  },
  {
    pattern: /out of shared memory|unable to (?:open|mmap) shared memory|\/torch_\S+> in read-write mode/,
    short: 'shared memory full',
    reason: 'The shared memory of the machine is full.',
    remedy: 'Set `dataloader_num_workers` to 0, or give the container more shared memory.',
  },
  {
    pattern: /Read-only file system|\[Errno 13\] Permission denied: '([^'\n]*)'|PermissionError: ([^\n]*)/,
    short: 'not allowed to write',
    reason: 'The trainer may not write where it has to: {}.',
    remedy: 'Set `workdir` of the target to a folder of yours.',
  },
  {
    pattern: /GatedRepoError|gated repo|awaiting a review|Access to model (\S+) is restricted/,
    short: 'the model is gated',
    reason: 'The model is gated: its owner has to let you in.',
    remedy: 'Accept its terms on its page of the Hub, store a token that may read it, and start again.',
  },
  {
    pattern:
      /RepositoryNotFoundError|is not a local folder and is not a valid model identifier|Repository Not Found|RevisionNotFoundError/,
    short: 'no such model',
    reason: 'The Hub has no such model, or does not show it to you.',
    remedy: 'Check the spelling of `model`. For a private one, store a token that may read it.',
  },
  {
    pattern: /401 Client Error|Invalid (?:user )?token|Invalid username or password|token is expired/i,
    short: 'the Hub refuses the token',
    reason: 'The Hub does not take the token.',
    remedy: 'Store a new one, and start again.',
  },
  {
    pattern: /403 (?:Client Error|Forbidden)/,
    short: 'the Hub refuses access',
    reason: 'The token may not do this on the Hub.',
    remedy: 'Store one that may read the model (to upload: write).',
  },
  {
    pattern:
      /404 Client Error|EntryNotFoundError|does not appear to have (?:a file named|files named) ([^\s.]+(?:\.\w+)*)/,
    short: 'a file of the model is missing',
    reason: 'A file of the model is not there.',
    remedy: 'Check that `model` is a whole transformers model, not an adapter and not a GGUF file.',
  },
  {
    pattern: /Unrecognized model in|Unrecognized configuration class/,
    short: 'not a model to train',
    reason: 'There is no language model that transformers knows in `model`.',
    remedy: 'Set `model` to a whole model for text generation, not an adapter and not a GGUF file.',
  },
  {
    pattern: /Couldn't instantiate the backend tokenizer|Can't load tokenizer for/,
    short: 'no tokenizer',
    reason: 'The tokenizer of the model cannot be loaded.',
    remedy: "Put tokenizer.json into the model's folder, or install sentencepiece and tiktoken on the target.",
  },
  {
    pattern: /429 Client Error|Too Many Requests/,
    short: 'the Hub is busy',
    reason: 'The Hub takes no more requests from this machine just now.',
    remedy: 'Store a token, or wait a few minutes and start again.',
  },
  {
    pattern:
      /We couldn't connect to|LocalEntryNotFoundError|OfflineModeIsEnabled|Temporary failure in name resolution|Name or service not known|Max retries exceeded|Network is unreachable/,
    short: 'the Hub cannot be reached',
    reason: 'The target cannot reach the Hub, and the model is not in its cache.',
    remedy:
      'Set `model` to a folder on the target, or download it there before (compute nodes are often without a network).',
  },
  {
    pattern: /execute the (?:configuration|tokenizer|model)? ?file in that repo|trust_remote_code=True/,
    short: 'the model brings its own code',
    reason: 'The model brings its own code, which runs only if you allow it.',
    remedy: 'Read the code. If you trust it, set `model_init_kwargs` of `args` to {"trust_remote_code": true}.',
  },
  {
    pattern: /model type `([^`\n]+)` but Transformers does not recognize/,
    short: 'transformers is too old for the model',
    reason: 'The transformers of the target does not know the model type {}.',
    remedy: 'Set `python` of the target to an environment with a newer one, or choose another model.',
  },
  {
    pattern: /requires bitsandbytes|No module named 'bitsandbytes'|bitsandbytes.*not (?:found|installed)/,
    short: 'bitsandbytes is missing',
    reason: 'QLoRA needs the package bitsandbytes.',
    remedy: "Install it into the target's Python, or set `method` to `lora`.",
  },
  {
    pattern:
      /flash_attn seems to be not installed|FlashAttention\d? has been toggled on, but it cannot be used|No module named 'flash_attn'/,
    short: 'flash attention is missing',
    reason: 'Flash attention was asked for and cannot be used here.',
    remedy: 'Remove `attn_implementation`, or install flash attention on the target.',
  },
  {
    pattern:
      /ModuleNotFoundError: No module named '([^']+)'|^No module named '([^']+)'|following packages that were not found in your environment: ([\w-]+)/m,
    short: 'a package is missing',
    reason: 'The package {} is missing on the target.',
    remedy:
      "Install it into the target's Python, or leave `python` of the target out: an environment with all of them is made.",
  },
  {
    pattern:
      /(?:SFTConfig|DPOConfig|KTOConfig|TrainingArguments)\.__init__\(\) got an unexpected keyword argument '([^']+)'/,
    short: 'unknown argument',
    reason: 'The trainer does not know the argument {}.',
    remedy: 'Remove `{}` from `args`, or correct its name.',
  },
  {
    pattern: /LoraConfig\.__init__\(\) got an unexpected keyword argument '([^']+)'/,
    short: 'unknown argument',
    reason: 'LoraConfig does not know the argument {}.',
    remedy: 'Remove `{}` from `peft`, or correct its name.',
  },
  {
    pattern: /Target modules (.+?) not found in the base model/,
    short: 'no layers of that name',
    reason: 'The model has no layers of the names in `target_modules`: {}.',
    remedy: 'Set `target_modules` of `peft` to `all-linear`.',
  },
  {
    pattern: /doesn't support bf16|bf16 is not supported|BFloat16 is not supported/i,
    short: 'no bfloat16',
    reason: 'This device does not compute in bfloat16.',
    remedy: 'Set `bf16` of `args` to `false`, and `fp16` to `true` on a GPU.',
  },
  {
    pattern:
      /no kernel image is available for execution on the device|is not compatible with the current PyTorch installation/,
    short: 'torch is not made for this GPU',
    reason: 'The torch of the target is not made for this GPU.',
    remedy: 'Install a torch built for it, or choose another target.',
  },
  {
    pattern: /NVIDIA driver on your system is too old|CUDA driver version is insufficient/,
    short: 'the GPU driver is too old',
    reason: 'The GPU driver of the target is too old for its torch.',
    remedy: 'Update the driver, or install a torch built for an older CUDA.',
  },
  {
    pattern:
      /Torch not compiled with CUDA enabled|Found no NVIDIA driver|No CUDA GPUs are available|CUDA unknown error|no CUDA-capable device/,
    short: 'no GPU',
    reason: 'No GPU can be used on the target.',
    remedy: 'See whether nvidia-smi lists one there, or set `gpus` to 0 for the processor.',
  },
  {
    pattern: /IndexError: index out of range in self|srcIndex < srcSelectDimSize|VocabularyMismatch/,
    short: 'the tokenizer does not fit the model',
    reason: 'A token id is higher than the vocabulary of the model.',
    remedy: 'Set `tokenizer` to the model, and start again.',
  },
  {
    pattern: /device-side assert triggered/,
    short: 'an index out of range on the GPU',
    reason: 'The GPU met an index out of range, usually a token id that the model does not know.',
    remedy: 'Set `tokenizer` to the model. Run it with `gpus` 0 to see the place.',
  },
  {
    pattern: /num_samples=0|num_samples should be a positive integer/,
    short: 'no rows',
    reason: 'No row is left to train on.',
    remedy: 'Look at the mask: rows without a trained token are left out.',
  },
  {
    pattern: /EADDRINUSE|Address already in use/,
    short: 'the port is taken',
    reason: 'The port by which the processes find each other is taken.',
    remedy: 'Start it again.',
  },
  {
    pattern:
      /illegal memory access|CUDA error: unspecified launch failure|uncorrectable ECC error|GPU has fallen off the bus/,
    short: 'the GPU failed',
    reason: 'The GPU failed.',
    remedy: 'Resume it, on another GPU if it happens again.',
  },
];

/** What the other ranks say when one has ended, and what a program that started them says: no cause by itself. */
export const PEER_RULES: readonly EndingRule[] = [
  {
    pattern: /Signal 11 \(SIGSEGV\)|exitcode\s*:\s*-11|Segmentation fault/,
    short: 'Python crashed',
    reason: 'Python crashed (segmentation fault).',
    remedy:
      'The log may say where. Usually torch and the driver, or two packages, do not fit: make the environment new.',
  },
  {
    pattern: /Signal 9 \(SIGKILL\)|exitcode\s*:\s*-9|DataLoader worker \(pid[^)]*\) is killed by signal: Killed/,
    short: 'killed, memory ran out',
    reason: 'The system killed a process of the trainer, most likely because the memory of the machine ran out.',
    remedy: 'Use a smaller model, a shorter `maxLength`, or a machine with more memory.',
  },
  {
    pattern:
      /Rendezvous\w*Error|rendezvous|timed out after \d+ seconds waiting for clients|The client socket has timed out/i,
    short: 'the nodes did not find each other',
    reason: 'The processes of the nodes did not find each other.',
    remedy:
      'See whether the nodes reach each other by the network; set NCCL_SOCKET_IFNAME in `setup` of the target where they have several.',
  },
  {
    pattern: /Watchdog caught collective operation timeout|NCCL.*[Tt]imed? ?out|Timed out waiting \d+ms/,
    short: 'a process stopped answering',
    reason: 'A process waited too long for the others.',
    remedy: 'The log of the other processes may say why. Resume it; `ddp_timeout` of `args` sets how long they wait.',
  },
  {
    pattern: /NCCL error|ncclSystemError|ncclInternalError|ncclUnhandledCudaError/,
    short: 'the GPUs lost each other',
    reason: 'The GPUs could not talk to each other (NCCL).',
    remedy: 'Add `export NCCL_DEBUG=WARN` to `setup` of the target, and start again: the log then says more.',
  },
  {
    pattern: /Connection closed by peer|Connection reset by peer|Broken pipe/,
    short: 'a process ended first',
    reason: 'A process lost its connection to another one, which had ended.',
    remedy: 'The log of the other processes may say why. Resume it.',
  },
];
