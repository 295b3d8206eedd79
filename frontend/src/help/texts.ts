/** All help pages. Fetched when somebody opens help or searches, never with the first page. */
import type { HelpText, Reader } from './help-text';
import { isFor } from './places';

const ALL = Object.values(
  import.meta.glob<HelpText>('./texts/*.md', { eager: true, import: 'default' }),
);

export type { HelpText };

export function helpTextsFor(readers: readonly Reader[]): HelpText[] {
  return ALL.filter(({ audience }) => isFor(audience, readers)).sort((one, other) =>
    one.title.localeCompare(other.title, 'en-GB'),
  );
}

/** Undefined where there is none of this name, or it is for others. */
export function helpText(slug: string, readers: readonly Reader[]): HelpText | undefined {
  return ALL.find((text) => text.slug === slug && isFor(text.audience, readers));
}
