/** What a connector can read of a MIS, in the school's words, and the command for each (R15). */

export interface SourceKind {
  name: string;
  /** What the export is. */
  meaning: string;
  /** What comes after `--kind` on the command line. */
  command: string;
}

export const SOURCE_KINDS = {
  'oneroster-csv': {
    name: 'OneRoster CSV',
    meaning:
      'A ZIP file or a folder with users.csv, classes.csv and others, in version 1.1 or 1.2.',
    command: 'oneroster-csv export.zip',
  },
  csv: {
    name: 'Plain tables (CSV)',
    meaning:
      'Reports that you save from any MIS: one file each for pupils, staff, groups and links.',
    command: 'csv --complete pupils --complete staff --complete groups --complete links tables',
  },
  ctf: {
    name: 'Common Transfer File (CTF)',
    meaning:
      'The DfE’s XML file of pupils. It holds no classes and no staff, and makes nobody a leaver.',
    command: 'ctf --org 823/2001 pupils.xml',
  },
  'oneroster-rest': {
    name: 'OneRoster web service',
    meaning: 'Your MIS answers over the internet. Its address and keys stand in a settings file.',
    command: 'oneroster-rest oneroster.toml',
  },
  wonde: {
    name: 'Wonde',
    meaning: 'Wonde reads your MIS. Its token stands in a settings file.',
    command: 'wonde wonde.toml',
  },
} as const satisfies Record<string, SourceKind>;

export type SourceKindName = keyof typeof SOURCE_KINDS;

export const SOURCE_KIND_NAMES = Object.keys(SOURCE_KINDS) as SourceKindName[];

export function isSourceKind(name: unknown): name is SourceKindName {
  return typeof name === 'string' && name in SOURCE_KINDS;
}

export const CREDENTIALS_FILE = 'classroom-connector.json';

export const INSTALL_COMMAND = 'uv tool install classroom_connector-0.1.0-py3-none-any.whl';

/** Shows what would be sent, and sends nothing. */
export function lookFirstCommand(kind: SourceKindName): string {
  return `classroom-connector push --dry-run --kind ${SOURCE_KINDS[kind].command}`;
}

/** Stays, and sends whenever it is asked. */
export function runCommand(kind: SourceKindName): string {
  return `classroom-connector run --credentials ${CREDENTIALS_FILE} --kind ${SOURCE_KINDS[kind].command}`;
}
