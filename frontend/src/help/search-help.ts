/** Help pages, searched in the browser. Fetched with their texts when somebody first searches. */
import MiniSearch from 'minisearch';
import type { Reader } from './help-text';
import { type HelpText, helpTextsFor } from './texts';

const FOUND = 5;

const indexes = new Map<string, MiniSearch<HelpText>>();

/** The best few, for who reads them. Each word may be begun only, or be a letter or so off. */
export function searchHelp(typed: string, readers: readonly Reader[]): HelpText[] {
  const texts = new Map(helpTextsFor(readers).map((text) => [text.slug, text]));
  const found = indexFor(readers, [...texts.values()]).search(typed);
  return found.slice(0, FOUND).flatMap(({ id }) => texts.get(id) ?? []);
}

function indexFor(readers: readonly Reader[], texts: HelpText[]): MiniSearch<HelpText> {
  const key = readers.join();
  const known = indexes.get(key);
  if (known) return known;
  const index = new MiniSearch<HelpText>({
    idField: 'slug',
    fields: ['title', 'summary', 'text'],
    searchOptions: {
      boost: { title: 4, summary: 2 },
      combineWith: 'AND',
      prefix: true,
      fuzzy: (word) => (word.length > 4 ? 0.2 : false),
    },
  });
  index.addAll(texts);
  indexes.set(key, index);
  return index;
}
