/** What a help page is, and for whom. */

/** Who reads help. A head or deputy is a senior leader as well; a visitor is not signed in. */
export const READERS = ['visitor', 'admin', 'slt', 'leader', 'teacher', 'parent'] as const;
export type Reader = (typeof READERS)[number];

/** The parts of the contents, in their order. */
export const SECTIONS = [
  'Start here',
  'Signing in and your account',
  'Pupils and groups',
  'Users and parents',
  'Data Management',
  'Assessment',
  'Reports',
  'The school',
] as const;
export type Section = (typeof SECTIONS)[number];

export interface HelpText {
  /** The file's name, and the page's in its address. */
  slug: string;
  title: string;
  /** One sentence, for the contents and the search. */
  summary: string;
  section: Section;
  audience: readonly Reader[];
  /** The routes it helps with, as the router writes them. */
  routes: readonly string[];
  /** Other help pages, by slug. */
  related: readonly string[];
  /** Markdown. */
  text: string;
}
