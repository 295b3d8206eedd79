/** `mantine.css` has the styles of just the Mantine components that our pages are made of. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const SOURCES = join(import.meta.dirname, '..');
const PACKAGES = join(SOURCES, '../node_modules/@mantine');
const CORE = join(PACKAGES, 'core/esm');
/** Of no component: variables, and what the document itself looks like. */
const FIRST = ['default-css-variables', 'baseline', 'global'];

const read = (file: string) => readFileSync(file, 'utf8');

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name));
}

function namesIn(list: string): string[] {
  const names = list.split(',').map((name) => name.trim().split(' as ').at(-1) ?? '');
  return names.filter((name) => name && !name.startsWith('type '));
}

/** What each `import { … } from '…'` of a file brings, and whence. */
function* importsOf(file: string): Generator<[names: string[], from: string]> {
  for (const [, list = '', from = ''] of read(file).matchAll(
    /import\s*(?:\w+|\{([^}]*)\})\s*from\s*['"]([^'"]+)['"]/g,
  )) {
    yield [namesIn(list), from];
  }
}

/** Every file of Mantine that is behind what these files import from it. */
function behind(files: readonly string[]): Set<string> {
  const homes = new Map<string, string>();
  for (const [names, from] of importsOf(join(CORE, 'index.mjs'))) {
    if (from.startsWith('.')) for (const name of names) homes.set(name, join(CORE, from));
  }
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, from] of importsOf(file)) {
      if (from.startsWith('.')) visit(join(dirname(file), from));
    }
  };
  for (const file of files) {
    for (const [names, from] of importsOf(file)) {
      if (from !== '@mantine/core') continue;
      for (const name of names) visit(homes.get(name) ?? file);
    }
  }
  return found;
}

test('has the styles of each component that is used, and of no other', () => {
  const users = [
    ...filesIn(SOURCES, /\.tsx?$/),
    ...filesIn(join(PACKAGES, 'notifications/esm'), /\.mjs$/),
    ...filesIn(join(PACKAGES, 'dropzone/esm'), /\.mjs$/),
  ];
  const used = [...behind(users)]
    .filter((file) => file.startsWith(CORE))
    .flatMap((file) => file.match(/(\w+)\.module\.mjs$/)?.[1] ?? []);
  const imported = [
    ...read(join(import.meta.dirname, 'mantine.css')).matchAll(/styles\/(.+?)\.css/g),
  ];
  expect(imported.map(([, name]) => name).sort()).toEqual([...FIRST, ...used].sort());
});
