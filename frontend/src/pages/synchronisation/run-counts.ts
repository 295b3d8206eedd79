/** A run's counts in words: `pupils_created: 3` → `3 pupils created`. */
import { formatNumber } from '~/school/words';

/** What was done, leaving out what is zero; names are the server's, so new ones read well too. */
export function countsInWords(counts: Record<string, number>): string[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${formatNumber(count)} ${wordsOf(name)}`);
}

function wordsOf(name: string): string {
  return name.replaceAll('_', ' ').replaceAll('upn', 'UPN').replaceAll('mis', 'MIS');
}
