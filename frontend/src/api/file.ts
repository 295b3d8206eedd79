/** Where the browser fetches a filtered list as a file; the session's cookie goes with it. */
export function fileOf(path: string, filters: object): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value !== undefined && value !== null && value !== '') words.set(name, String(value));
  }
  return words.size > 0 ? `${path}?${words}` : path;
}
