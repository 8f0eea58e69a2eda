export interface SshServer {
  readonly folder: string;
  readonly port: number;
  /** For `ssh -F`; the alias `box` leads to the server. */
  readonly configFile: string;
  /** Another alias, with options before the usual ones. */
  alias(name: string, lines?: readonly string[]): void;
  up(): Promise<void>;
  down(): Promise<void>;
  /** Ends the processes that serve connections. */
  cut(): void;
  /** Ends the shared connection of an alias. */
  close(sockets: string, name?: string): void;
  readonly knownHosts: string;
  readonly changedHosts: string;
  readonly noHosts: string;
  readonly otherKey: string;
  stop(): Promise<void>;
}
export function startSshServer(): Promise<SshServer>;
export function freePort(): Promise<number>;
