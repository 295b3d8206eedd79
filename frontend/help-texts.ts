/**
 * Vite's plugin for the help pages. A file of `src/help/texts/` becomes a module, its front matter
 * read while building; `virtual:help-places` says which of them helps where, and is all that the
 * first load has of them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Plugin } from 'vite';
import type { HelpText } from './src/help/help-text.ts';
import { readHelpText } from './src/help/read-help-text.ts';

export const HELP_TEXTS = join(import.meta.dirname, 'src/help/texts');
const PLACES = 'virtual:help-places';

export function readAllHelpTexts(): HelpText[] {
  return readdirSync(HELP_TEXTS)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => {
      const source = readFileSync(join(HELP_TEXTS, name), 'utf8');
      return readHelpText(basename(name, '.md'), source);
    });
}

export function helpTexts(): Plugin {
  return {
    name: 'help-texts',
    resolveId: (id) => (id === PLACES ? `\0${PLACES}` : undefined),
    load: (id) => {
      if (id !== `\0${PLACES}`) return undefined;
      const places = readAllHelpTexts()
        .filter(({ routes }) => routes.length > 0)
        .map(({ slug, audience, routes }) => ({ slug, audience, routes }));
      return `export default ${JSON.stringify(places)}`;
    },
    transform: (source, id) => {
      if (!id.endsWith('.md')) return undefined;
      const text = readHelpText(basename(id, '.md'), source);
      return { code: `export default ${JSON.stringify(text)}`, map: null };
    },
  };
}
