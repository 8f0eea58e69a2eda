export const quietSettings: Readonly<Record<string, unknown>>;
export const chromiumArguments: string[];

/** A folder to run the extension from in development. */
export function stagedExtension(): string;

export interface CodeServer {
  /** host:port on loopback. */
  readonly address: string;
  readonly dataDir: string;
  /** Everything printed so far. */
  output(): string;
  stop(): void;
}

export interface CodeServerOptions {
  /** Everything that it writes lies in here: settings, extensions, logs. */
  readonly dataDir: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** True: settings that are there already stay. */
  readonly keepSettings?: boolean;
  /** Further environment variables; extension hosts inherit them. */
  readonly env?: Readonly<Record<string, string>>;
  /** False: folders open in Restricted Mode. Default true. */
  readonly trust?: boolean;
  /** True: an address may name an extension folder. */
  readonly testing?: boolean;
  /** 0, the default: any free one. */
  readonly port?: number;
}

export function startCodeServer(options: CodeServerOptions): Promise<CodeServer>;
export function installExtension(dataDir: string, vsix: string): Promise<string>;
export function writeSettings(dataDir: string, settings: Readonly<Record<string, unknown>>): void;
/** The names of the extensions that an extension host of this data folder has activated, as its log tells. */
export function activatedExtensions(dataDir: string): string[];
export function workbenchUrl(
  address: string,
  target: {
    readonly folder: string;
    readonly extension?: string | null;
    readonly tests?: string | null;
    readonly openFile?: string | null;
  },
): string;
