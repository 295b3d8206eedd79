/** The search part of our addresses in plain words, `?year=3`, where the router would write JSON. */

export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: object): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null) words.set(name, String(value));
  }
  return words.size > 0 ? `?${words}` : '';
}
