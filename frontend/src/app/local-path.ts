/** Where to go after signing in: an address of ours, never one that leads elsewhere. */
export function localPath(next: unknown): string | undefined {
  if (typeof next !== 'string') return undefined;
  // Browsers read a backslash as a slash, so '/\\elsewhere' would leave us too.
  return /^\/(?![/\\])/.test(next) ? next : undefined;
}
