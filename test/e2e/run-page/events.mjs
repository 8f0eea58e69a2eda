// What the host tells the run dashboard, made from a curve with a seed: the page does not care who trained.

/** `{typed, data}` stands for a typed array until the page makes one of it. */
const floats = (data) => ({ typed: 'Float64Array', data: [...data] });

const T0 = 1_780_000_000;

function random(seed) {
  let state = seed;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}

/** A loss that falls, with a jump at `spike` and no numbers at `odd`; `from` steps on only. */
export function series({
  steps = 412,
  spike = 388,
  odd = [],
  seed = 42,
  floor = 0.85,
  speed = 62,
  amp = 0.075,
  saves = [200, 400],
  attempts = [],
  gpu = true,
  from = 1,
  rate = 2e-4,
} = {}) {
  const next = random(seed);
  const noise = () => next() + next() + next() - 1.5;
  const numbers = Array.from({ length: steps }, (_, i) => i + 1);
  const after = [1.71, 1.38, 1.17, 1.05, 0.99, 0.95, 0.92];
  const loss = numbers.map((step) => {
    const plain = floor + 1.46 * Math.exp(-step / speed) + amp * noise();
    if (odd.includes(step)) return Number.NaN;
    return step >= spike && step < spike + after.length ? after[step - spike] : plain;
  });
  const at = (f) => numbers.map(f);
  const keep = (all) => floats(all.slice(from - 1));
  const evals = numbers.filter((step) => step % 50 === 0 && step >= from);
  const beats = gpu
    ? Array.from({ length: Math.ceil((steps * 1.5) / 10) }, (_, i) => i * 10).filter((t) => t >= (from - 1) * 1.5)
    : [];
  return {
    steps: keep(numbers),
    columns: {
      loss: keep(loss),
      learning_rate: keep(
        at((s) => rate * Math.min(s / 45, 1) * (0.5 + 0.5 * Math.cos((Math.PI * Math.max(0, s - 45)) / 2800))),
      ),
      grad_norm: keep(
        at((s) =>
          s === spike
            ? 8.4
            : s > spike && s < spike + 4
              ? 3.2
              : 0.62 + 2.2 * Math.exp(-s / 18) + 0.16 * Math.abs(noise()),
        ),
      ),
      mean_token_accuracy: keep(at((s) => 0.82 - 0.4 * Math.exp(-s / 70) + 0.01 * noise())),
      tokens_per_second: keep(
        at((s) => (s < 6 ? 20_000 + 4000 * s : 45_000 + 700 * noise() - (s % 200 > 196 ? 12_000 : 0))),
      ),
      tokens: keep(at((s) => s * 62_790)),
      epoch: keep(at((s) => (3 * s) / 1503)),
      time: keep(at((s) => T0 + 1.5 * s)),
    },
    eval: {
      steps: floats(evals),
      loss: floats(evals.map((s) => floor + 0.055 + 1.3 * Math.exp(-s / 70))),
      tokenLoss: floats(evals.map((s) => floor + 0.06 + 1.3 * Math.exp(-s / 70))),
    },
    gpu: {
      time: floats(beats.map((t) => T0 + t)),
      memory: floats(beats.map((_, i) => (i < 2 ? 20 : 61) * 1024 ** 3)),
      utilization: floats(beats.map((_, i) => (i < 2 ? 60 : 96 + noise() - (i % 20 === 0 ? 45 : 0)))),
    },
    saves,
    attempts,
  };
}

const record = {
  v: 1,
  id: '20260712-140200-a1b2c3',
  name: 'support-lora',
  specPath: '/home/me/bikes/support-lora.sftrun.json',
  trainPath: '/home/me/bikes/data/support.jsonl',
  evalPath: null,
  spec: {
    model: 'Qwen/Qwen3-0.6B',
    data: { train: 'data/support.jsonl', eval: 0.05 },
    method: 'lora',
    args: {},
    peft: null,
    target: 'gpu-box',
    gpus: 'auto',
    nodes: 1,
    packing: 'bfd',
    record: { rowLoss: true, watch: [] },
    compare: { prompts: 8, maxNewTokens: 128 },
  },
  target: { name: 'gpu-box', ssh: 'gpu-box', workdir: '~/sft-lens', setup: [], python: null, slurm: null },
  folder: '/home/me/sft-lens/runs/20260712-140200-a1b2c3',
  created: 1000 * T0,
};

/** `ago`: milliseconds since the target last answered. */
export function head({ state = 'running', status = {}, ago = 1000, now = Date.now(), ...rest } = {}) {
  return {
    record,
    status: {
      state,
      seen: now - ago,
      last: null,
      reason: null,
      remedy: null,
      code: null,
      error: null,
      nextTry: null,
      steps: [],
      ...status,
    },
    step: 412,
    maxSteps: 1503,
    epoch: 0.82,
    epochs: 3,
    worldSize: 1,
    deviceName: 'NVIDIA H200',
    attempt: 1,
    started: now - 11 * 60_000,
    ended: null,
    left: 26 * 60_000,
    lastEvent: now - ago,
    gpus: [
      { index: 0, memory_used: 61 * 1024 ** 3, memory_total: 139 * 1024 ** 3, allocated: 0, peak: 0, utilization: 97 },
    ],
    notices: [],
    compared: false,
    checkpoints: ['checkpoint-200', 'checkpoint-400'],
    ...rest,
  };
}

export const jump = {
  code: 'run/spike',
  severity: 'warning',
  message: 'Loss jumped at step 388, from 0.92 to 1.71. Two rows of that batch are mostly base64: mask or remove them.',
  step: 388,
  rows: true,
};
export const notices = [
  jump,
  {
    code: 'run/nan',
    severity: 'error',
    message: 'The loss of step 300 is not a number. Halve `learning_rate`, or clip the gradients with `max_grad_norm`.',
    step: 300,
    rows: true,
  },
  {
    code: 'run/slow',
    severity: 'information',
    message: 'Tokens per second fell by a third while checkpoints are written.',
    step: null,
    rows: false,
  },
];

const texts = [
  [31877, 4.82, 'Attached photo: iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ'],
  [31878, 4.61, 'Attached photo: iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ'],
  [9021, 1.31, 'Wie lange dauert ein Akkutest?'],
  [40155, 1.12, 'My chain slips in third gear under load.'],
  [2290, 0.97, 'Can I return a helmet I have worn once?'],
  [17644, 0.93, 'Do you service carbon frames?'],
  [50310, 0.88, 'Cancel ticket 5120.'],
];
export const detail = (step, rest = {}) => ({
  step,
  loss: 1.71,
  gradNorm: 8.4,
  tokens: 62_790,
  packs: 16,
  rows: texts.map(([line, loss, text], i) => ({
    line,
    loss,
    tokens: 200 + i,
    piece: i === 6 ? [100, 300] : null,
    text,
  })),
  totalRows: 104,
  dataChanged: false,
  ...rest,
});

export const overlay = {
  id: '20260711-090000-ffffff',
  name: 'support-lora-5e-5',
  series: series({ seed: 7, floor: 0.98, speed: 120, amp: 0.06, spike: 9999, gpu: false, saves: [], rate: 5e-5 }),
  differences: [
    { key: 'learning_rate', values: ['2e-4', '5e-5'] },
    { key: 'data.train', values: ['52,002 rows', '51,988 rows'] },
  ],
  values: 31,
};

export const runs = [
  { id: record.id, name: 'support-lora', state: 'running' },
  { id: overlay.id, name: overlay.name, state: 'succeeded' },
  { id: '20260710-090000-eeeeee', name: 'support-full', state: 'failed' },
];

export const log = Array.from({ length: 60 }, (_, i) => {
  const step = 353 + i;
  const second = 11 + Math.floor((i * 3) / 2);
  return `14:${10 + Math.floor(second / 60)}:${String(second % 60).padStart(2, '0')}  step ${step}  loss ${(0.85 + 0.02 * Math.sin(i)).toFixed(3)}  lr 1.97e-4  grad 0.6${i % 10}`;
});

export const compare = {
  checkpoint: 'checkpoint-1503',
  prompts: [
    {
      line: 12,
      prompt: 'Hi, is my bike done? Ticket 4471.',
      expected: 'Not yet. We are waiting for a part. It should be here on Thursday.',
      base: 'As an AI language model, I do not have access to your ticket. Contact the shop and give them the number of your ticket, and they will be happy to tell you more about the state of your bike.',
      tuned: 'Not yet. We are waiting for a part. It should be here on Thursday.',
    },
    {
      line: 77,
      prompt: 'Do you fit child seats?',
      expected: 'Yes, on most of our bikes.',
      base: 'Yes.\n\nHere is how to fit a child seat:\n1. Find the rack.\n2. Fasten the seat.',
      tuned: 'Yes, on most bikes that we sell.',
    },
  ],
  worst: texts.slice(0, 4).map(([line, loss, text]) => ({ line, loss, tokens: 210, piece: null, text })),
};

export const prepare = [
  { title: '52,002 rows to tokens', state: 'done', detail: '8 s, 28 without a label left out' },
  { title: 'Python and GPU found', state: 'done', detail: '3.12, 1 × H200' },
  { title: 'Installing packages', state: 'running', detail: '41 of 63' },
  { title: 'Copying data', state: 'waiting', detail: '126 MB' },
  { title: 'Starting', state: 'waiting', detail: '' },
];

const id = record.id;
const nothing = {
  step: 0,
  epoch: null,
  left: null,
  started: null,
  lastEvent: null,
  deviceName: null,
  worldSize: null,
  checkpoints: [],
  maxSteps: null,
};
const all = (options) => ({ type: 'series', id, series: series(options) });
const shown = (options) => ({ type: 'head', head: head(options) });

/** Name, and what the host sends. */
export const SCENES = {
  running: [shown({ notices: [jump] }), all(), { type: 'overlays', overlays: [overlay] }, { type: 'log', lines: log }],
  plain: [shown(), all(), { type: 'log', lines: log }],
  notices: [
    shown({ notices, attempt: 2 }),
    all({ odd: [298, 299, 300], attempts: [250] }),
    { type: 'log', lines: log },
  ],
  empty: [{ type: 'empty', dataset: 'support.jsonl', restricted: false }],
  restricted: [{ type: 'empty', dataset: null, restricted: true }],
  preparing: [shown({ state: 'preparing', status: { steps: prepare }, ...nothing })],
  queued: [
    shown({
      state: 'queued',
      status: { reason: 'Slurm has no 2 free GPUs. Third in the queue, expected to start about 16:20.' },
      ...nothing,
    }),
  ],
  unseen: [
    shown({
      state: 'unknown',
      ago: 180_000,
      left: null,
      status: { last: 'running', reason: 'gpu-box does not answer.', nextTry: Date.now() + 21_000 },
    }),
    all({ spike: 9999 }),
  ],
  failed: [
    shown({
      state: 'failed',
      step: 12,
      left: null,
      ended: Date.now(),
      checkpoints: [],
      status: {
        reason: 'GPU out of memory. The longest row of the batch has 3,977 tokens.',
        remedy: 'Halve the batch: the effective batch size of 16 is kept.',
        code: 1,
        error: { type: 'torch.OutOfMemoryError', message: 'CUDA out of memory. Tried to allocate 2.32 GiB.', rank: 0 },
      },
    }),
    all({ steps: 12, saves: [], gpu: false }),
    { type: 'log', lines: log.slice(0, 4) },
  ],
  ended: [
    shown({ state: 'succeeded', step: 1503, left: null, ended: Date.now(), compared: true }),
    all({ steps: 1503, spike: 9999, saves: [500, 1000, 1503] }),
    { type: 'compare', view: compare },
  ],
};
export { id as RUN_ID, T0 };
