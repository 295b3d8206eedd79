/** Marks and comments as they are typed, and the statement bank (R26). */
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  listStatements,
  type MarkChange,
  type NewStatement,
  changeStatement as patchStatement,
  addStatement as postStatement,
  readGeneralComments,
  readMarkbook,
  readMarks,
  recordGeneralComment,
  recordMark,
  type Statement,
  type StatementChange,
} from '~/client';
import { fileOf } from './file';

export type {
  GeneralComments,
  Mark,
  Markbook,
  MarkbookBand,
  MarkbookGroup,
  MarkbookPupil,
  MarkbookTerm,
  Marks,
  NewStatement,
  Statement,
} from '~/client';

export type CommentKind = 'class_teacher' | 'head_teacher';

/** What one works on. */
export interface Place {
  group: string;
  subject: string;
  term: string;
}

const AGAIN_MS = 30_000;

export const markbookQuery = queryOptions({
  queryKey: ['markbook'],
  queryFn: async ({ signal }) => (await readMarkbook({ signal, throwOnError: true })).data,
});

/** Asked again now and then: others record marks, and pupils come and go. */
export const marksQuery = ({ group, subject, term }: Place) =>
  queryOptions({
    queryKey: ['markbook', 'marks', group, subject, term],
    queryFn: async ({ signal }) => {
      const path = { group_id: group };
      const query = { subject_id: subject, term_id: term };
      return (await readMarks({ path, query, signal, throwOnError: true })).data;
    },
    staleTime: 0,
    refetchInterval: AGAIN_MS,
  });

export const commentsQuery = (group: string, term: string) =>
  queryOptions({
    queryKey: ['markbook', 'comments', group, term],
    queryFn: async ({ signal }) => {
      const path = { group_id: group };
      const query = { term_id: term };
      return (await readGeneralComments({ path, query, signal, throwOnError: true })).data;
    },
    staleTime: 0,
    refetchInterval: AGAIN_MS,
  });

export async function saveMark(group: string, pupil: string, body: MarkChange) {
  const path = { group_id: group, pupil_id: pupil };
  return (await recordMark({ path, body, throwOnError: true })).data;
}

export async function saveComment(
  group: string,
  pupil: string,
  kind: CommentKind,
  body: { term_id: string; expected_version: number; comment: string },
) {
  const path = { group_id: group, pupil_id: pupil, kind };
  return (await recordGeneralComment({ path, body, throwOnError: true })).data;
}

/** Where the browser fetches the marks as a file; `empty`: the pupils alone, to be filled in. */
export function marksFile({ group, subject, term }: Place, empty = false): string {
  const query = { subject_id: subject, term_id: term, empty: empty || undefined };
  return fileOf(`/api/markbook/groups/${group}/marks/export`, query);
}

export const statementsQuery = queryOptions({
  queryKey: ['markbook', 'statements'],
  queryFn: async ({ signal }) => (await listStatements({ signal, throwOnError: true })).data,
});

export async function addStatement(body: NewStatement): Promise<Statement> {
  return (await postStatement({ body, throwOnError: true })).data;
}

export async function changeStatement(id: string, body: StatementChange): Promise<Statement> {
  return (await patchStatement({ path: { statement_id: id }, body, throwOnError: true })).data;
}

export function statementsChanged(queryClient: QueryClient): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: statementsQuery.queryKey });
}
