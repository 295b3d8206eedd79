/**
 * Keeps help true (R28): every route has its help page, every label in it is on a page, every link
 * leads somewhere, and whoever reads it may go there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { QueryClient } from '@tanstack/react-query';
import type { AnyRoute } from '@tanstack/react-router';
import { describe, expect, it } from 'vitest';
import { createAppRouter, routeTree } from '~/app/router';
import { readAllHelpTexts } from '../../help-texts';
import type { Reader } from './help-text';
import { searchHelp } from './search-help';

const SOURCES = join(import.meta.dirname, '..');
const TEXTS = readAllHelpTexts();
const SLUGS = new Map(TEXTS.map((text) => [text.slug, text]));

const SIGNED_IN: readonly Reader[] = ['admin', 'slt', 'leader', 'teacher', 'parent'];
/** Who opens what is in a frame; the nearest one that stands here says it. */
const WHO_OPENS: Record<string, readonly Reader[]> = {
  public: ['visitor', ...SIGNED_IN],
  help: ['visitor', ...SIGNED_IN],
  'signed-in': SIGNED_IN,
  admin: ['admin'],
  'whole-school': ['admin', 'slt', 'leader'],
  staff: ['slt', 'leader', 'teacher'],
  leaders: ['leader'],
  parents: ['parent'],
};
/** The others are led on to a page of their own. */
const HOME_OF_THE_ADMIN = '/';
/** There Help leads to the contents. A page that has no help yet is not to be added here. */
const CONTENTS_ALONE = ['/help', '/help/$slug', '/$'];

interface Place {
  path: string;
  readers: readonly Reader[];
}

function placesOf(route: AnyRoute, readers: readonly Reader[] = []): Place[] {
  const options: { id?: string; path?: string } = route.options;
  const own = WHO_OPENS[options.id ?? ''] ?? readers;
  const children: AnyRoute[] = Object.values(route.children ?? {});
  const inside = children.flatMap((child) => placesOf(child, own));
  if (!options.path) return inside;
  const path: string = route.fullPath;
  return [{ path, readers: path === HOME_OF_THE_ADMIN ? ['admin'] : own }, ...inside];
}

const PLACES = placesOf(initialised());

function initialised(): AnyRoute {
  createAppRouter(new QueryClient());
  return routeTree;
}

/** A head or deputy is a senior leader as well; who is half signed in reads what visitors do. */
function reads(audience: readonly Reader[], reader: Reader): boolean {
  return audience.includes(reader) || (reader === 'leader' && audience.includes('slt'));
}

function plain(text: string): string {
  return text.replaceAll(/['’‘]/g, '’').replaceAll(/\s+/g, ' ');
}

function sources(): string {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.ts$|^(client|help)[\\/]/.test(file))
    .map((file) => plain(readFileSync(join(SOURCES, file), 'utf8')))
    .join('\n');
}

/** Whole, as a text of its own: in quotes, or between tags. */
function isOnAPage(label: string, all: string): boolean {
  const escaped = label.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`['’"\`>}] ?${escaped} ?['’"\`<{]`).test(all);
}

/** `/users/one` is where `/users/$userId` is. */
function placeOf(href: string): Place | undefined {
  return PLACES.find(({ path }) => path === href);
}

describe('every page has its help', () => {
  it('knows the routes', () => expect(PLACES.length).toBeGreaterThan(40));

  it.each(PLACES.filter(({ path }) => !CONTENTS_ALONE.includes(path)))('$path', (place) => {
    const helping = TEXTS.filter(({ routes }) => routes.includes(place.path));
    const isPublic = place.readers.includes('visitor');
    for (const reader of isPublic ? (['visitor'] as const) : place.readers) {
      const slugs = helping.filter(({ audience }) => reads(audience, reader));
      expect(
        slugs.map(({ slug }) => slug),
        `for ${reader}`,
      ).toHaveLength(1);
    }
  });

  it('and no help page is of a route that is not there', () => {
    const paths = PLACES.map(({ path }) => path);
    expect(TEXTS.flatMap(({ routes }) => routes).filter((route) => !paths.includes(route))).toEqual(
      [],
    );
  });
});

describe('what help says is there', () => {
  const all = sources();

  it.each(TEXTS)('$slug names buttons and pages as they are called', ({ text }) => {
    const named = [...text.matchAll(/\*\*(.+?)\*\*/g)].map(([, label]) => plain(label ?? ''));
    expect(named.filter((label) => !isOnAPage(label, all))).toEqual([]);
  });

  it.each(TEXTS)('$slug leads where its readers may go', ({ slug, text, related, audience }) => {
    const hrefs = [...text.matchAll(/\]\((.+?)\)/g)].map(([, href]) => href ?? '');
    const wrong = [...hrefs, ...related.map((other) => `/help/${other}`)].filter((href) => {
      const other = SLUGS.get(href.replace(/^\/help\//, ''));
      if (href.startsWith('/help/')) return !other || other.slug === slug;
      const place = placeOf(href);
      return !place || !audience.every((reader) => place.readers.includes(reader));
    });
    expect(wrong).toEqual([]);
    const inText = hrefs.filter((href) => href.startsWith('/help/'));
    const closed = inText.filter((href) => {
      const of = SLUGS.get(href.replace('/help/', ''))?.audience ?? [];
      return !audience.every((reader) => reads(of, reader));
    });
    expect(closed).toEqual([]);
  });
});

describe('search', () => {
  it('finds what the words of an office mean', () => {
    const first = (typed: string, reader: Reader) => searchHelp(typed, [reader])[0]?.slug;
    expect(first('pupil import', 'admin')).toBe('pupil-import');
    expect(first('mapping', 'admin')).toBe('mis-mapping');
    expect(first('forgoten pasword', 'parent')).toBe('parent-forgotten-password');
  });

  it('finds a parent nothing of the admin’s', () => {
    for (const typed of ['import', 'user', 'mapping', 'school', 'pupil']) {
      for (const found of searchHelp(typed, ['parent'])) expect(found.audience).toContain('parent');
    }
  });
});
