import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Runs a Python program to its end; its output is this program's. Returns the exit code. */
export const run = (python: string, program: string, args: readonly string[], root: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      PYTHONPATH: [join(root, 'src/trainer'), join(root, 'test/parity/trainer')].join(':'),
      PYTHONDONTWRITEBYTECODE: '1',
      OMP_NUM_THREADS: '1',
      GLOO_SOCKET_IFNAME: 'lo',
      HF_HUB_OFFLINE: '1',
      TRANSFORMERS_VERBOSITY: 'error',
    };
    const child = spawn(python, [program, ...args], { env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
