/**
 * A help page as its file holds it: Markdown after front matter. Read while the frontend is built
 * and by the tests, never in a browser.
 */
import { parse } from 'yaml';
import { type HelpText, READERS, SECTIONS } from './help-text.ts';

const FRONT_MATTER = /^---\n([\s\S]+?)\n---\n([\s\S]+)$/;

/** Throws with what is wrong, which fails the build. */
export function readHelpText(slug: string, source: string): HelpText {
  const [, front, text] = FRONT_MATTER.exec(source) ?? [];
  if (!front || !text) throw new Error(`${slug}.md has no front matter between lines of ---`);
  const { title, summary, section, audience, routes = [], related = [], ...unknown } = parse(front);
  const wrong = Object.keys(unknown);
  if (typeof title !== 'string' || !title) wrong.push('title');
  if (typeof summary !== 'string' || !summary) wrong.push('summary');
  if (!SECTIONS.includes(section)) wrong.push('section');
  if (!isListOf(audience, READERS) || audience.length === 0) wrong.push('audience');
  if (!isListOf(routes)) wrong.push('routes');
  if (!isListOf(related)) wrong.push('related');
  if (wrong.length > 0) throw new Error(`${slug}.md: look at ${wrong.join(', ')}`);
  return { slug, title, summary, section, audience, routes, related, text: text.trim() };
}

function isListOf(value: unknown, allowed?: readonly string[]): value is string[] {
  return (
    Array.isArray(value) &&
    value.every((one) => typeof one === 'string' && (!allowed || allowed.includes(one)))
  );
}
