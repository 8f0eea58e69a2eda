/** How far a download is. Bytes. */
export interface DownloadProgress {
  readonly received: number;
  readonly total: number;
}

/** "4.1 of 11.4 MB"; in kB where a megabyte would show nothing. */
export function shownProgress({ received, total }: DownloadProgress): string {
  if (total < 1e6) return `${Math.ceil(received / 1e3)} of ${Math.ceil(total / 1e3)} kB`;
  return `${(received / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
}
