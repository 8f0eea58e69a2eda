import { createRequire } from 'node:module';

export type TrainerReader = typeof import('./reader.ts');

/** What reads config files of trainers: `dist/trainer-config.cjs`, which lies beside the bundle that asks for it. */
export const loadTrainerReader = (): TrainerReader =>
  createRequire(import.meta.url)('./trainer-config.cjs') as TrainerReader;
