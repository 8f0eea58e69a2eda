import { createRequire } from 'node:module';

export type HubClient = typeof import('./download.ts');

/** The Hub's client: a bundle of its own, so that nobody pays for it who downloads nothing. `path`: of `dist/hub.cjs`. */
export const loadHubClient = (path: string): HubClient => createRequire(import.meta.url)(path) as HubClient;
