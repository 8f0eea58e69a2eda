import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { RunnerError } from './runner.ts';

export interface ProcessOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** Written to standard input, one after the other. */
  readonly input: readonly (string | Uint8Array | Readable)[];
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Takes standard output as it comes instead of keeping it. A promise holds the program back until it is kept. */
  readonly onOut?: ((data: Buffer) => undefined | Promise<void>) | undefined;
}

export interface ProcessEnd {
  /** Exit code; null: ended by a signal. */
  readonly code: number | null;
  readonly out: Buffer;
  /** The end of standard error. */
  readonly err: string;
  readonly timedOut: boolean;
}

/** More than any answer holds; a target that sends without end is cut off. */
const MAX_OUT = 256 * 1024 * 1024;
const MAX_ERR = 64 * 1024;
/** Milliseconds that pipes may stay open after the end: a shared ssh connection can hold on to them. */
const LINGER = 2_000;

export const cancelled = (): RunnerError =>
  new RunnerError('cancelled', 'It was canceled.', 'Start it again when you like.');

/** Runs a program, without a shell, to its end or to its time limit. Rejects where it cannot be started or is aborted. */
export function runProcess(command: string, args: readonly string[], options: ProcessOptions): Promise<ProcessEnd> {
  const { signal } = options;
  if (signal?.aborted) return Promise.reject(cancelled());
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      shell: false,
      windowsHide: true,
      stdio: 'pipe',
      ...(options.env ? { env: options.env } : {}),
    });
    const out: Buffer[] = [];
    let kept = 0;
    let err = '';
    let timedOut = false;
    let code: number | null = null;
    let consumed: Promise<void> = Promise.resolve();
    let linger: NodeJS.Timeout | undefined;
    const kill = (): void => {
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, options.timeout);
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      clearTimeout(linger);
      signal?.removeEventListener('abort', kill);
      settle();
    };
    const end = (): void =>
      finish(() => {
        if (signal?.aborted) reject(cancelled());
        else consumed.then(() => resolve({ code, out: Buffer.concat(out), err, timedOut }), reject);
      });
    signal?.addEventListener('abort', kill, { once: true });
    child.stdout.on('data', (data: Buffer) => {
      if (options.onOut) {
        const wait = options.onOut(data);
        if (!wait) return;
        child.stdout.pause();
        consumed = wait.then(() => void child.stdout.resume());
        consumed.catch(kill);
        return;
      }
      kept += data.length;
      if (kept > MAX_OUT) kill();
      else out.push(data);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = (err + text).slice(-MAX_ERR);
    });
    child.once('error', (error) => finish(() => reject(error)));
    child.once('exit', (exit) => {
      code = exit;
      linger = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, LINGER);
    });
    child.once('close', end);
    // A program that ends before it has read everything is no error of ours: its exit code says what happened.
    child.stdin.on('error', () => undefined);
    void write(child.stdin, options.input).catch((error: unknown) => {
      kill();
      finish(() => reject(error instanceof Error ? error : new Error(String(error))));
    });
  });
}

async function write(
  stdin: NodeJS.WritableStream & { readonly destroyed?: boolean },
  input: ProcessOptions['input'],
): Promise<void> {
  const put = (chunk: string | Uint8Array): Promise<void> | undefined => {
    if (stdin.destroyed || stdin.write(chunk)) return undefined;
    return new Promise((resolve) => {
      const done = (): void => {
        stdin.off('drain', done).off('close', done).off('error', done);
        resolve();
      };
      stdin.on('drain', done).on('close', done).on('error', done);
    });
  };
  for (const part of input) {
    if (typeof part === 'string' || part instanceof Uint8Array) await put(part);
    else for await (const chunk of part) await put(chunk as Buffer);
  }
  stdin.end();
}
