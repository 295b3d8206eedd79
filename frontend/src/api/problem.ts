/**
 * What went wrong, as the server tells it (RFC 9457) or as we tell it when the server could not be
 * reached. Pages show `title` and `detail`, which are written for a school's office.
 */

export interface FieldProblem {
  pointer: string;
  detail: string;
  /** Of a placeholder that is none: where it stands, how it was written, and what was meant (R25). */
  at?: number;
  found?: string;
  nearest?: string | null;
}

/** What somebody else did to one of many things, since one looked at it. */
export interface Elsewhere {
  /** Of a difference; what is mapped already has none. */
  difference_id?: string;
  label: string;
  detail: string;
  at?: string;
}

export interface InTheWay {
  id: string;
  kind: string;
  name: string;
}

export class ProblemError extends Error {
  readonly status: number;
  /** The last part of the problem's `type`, such as `signed-out`. */
  readonly slug: string;
  readonly title: string;
  readonly detail: string;
  readonly fields: readonly FieldProblem[];
  /** What is there now, where somebody else was quicker. */
  readonly current: Readonly<Record<string, unknown>> | undefined;
  /** Of many things that were sent, the ones where somebody else was quicker. */
  readonly conflicts: readonly Elsewhere[];
  /** The record of one's own school that stands in the way, where the server names it (R8). */
  readonly inTheWay: InTheWay | undefined;
  /** The same, where the server names its id alone. */
  readonly inTheWayId: string | undefined;
  /** Of a fault of ours: by it we find what happened. In fours, as one reads it out. */
  readonly reference: string | undefined;

  constructor(status: number, body: ProblemBody) {
    super(body.title);
    this.name = 'ProblemError';
    this.status = status;
    this.slug = body.type.split(':').at(-1) ?? '';
    this.title = body.title;
    this.detail = body.detail;
    this.fields = body.errors ?? [];
    this.current = body.current;
    this.conflicts = body.conflicts ?? [];
    this.inTheWay = isRecord(body.in_the_way) ? body.in_the_way : undefined;
    this.reference = body.reference ? inFours(body.reference) : undefined;
    this.inTheWayId = typeof body.in_the_way === 'string' ? body.in_the_way : this.inTheWay?.id;
  }

  /** What is wrong with one field of what was sent, such as `new_password`. */
  field(name: string): string | undefined {
    return this.fields.find((field) => field.pointer.split('/').at(-1) === name)?.detail;
  }
}

interface ProblemBody {
  type: string;
  title: string;
  detail: string;
  errors?: FieldProblem[];
  current?: Record<string, unknown>;
  conflicts?: Elsewhere[];
  in_the_way?: unknown;
  reference?: string | null;
}

const UNREACHABLE: ProblemBody = {
  type: 'urn:classroom:problem:unreachable',
  title: 'Classroom Monitor could not be reached',
  detail: 'Check your internet connection, then try again.',
};

const UNEXPECTED: ProblemBody = {
  type: 'urn:classroom:problem:unexpected',
  title: 'Something went wrong',
  detail: 'Please try again in a moment. If it keeps happening, contact us.',
};

/** Shown once they are signed in again: before that it is the sign-in page that speaks. */
const SIGNED_OUT: ProblemBody = {
  type: 'urn:classroom:problem:unauthenticated',
  title: 'This was not done yet',
  detail: 'You had been signed out. Please try it once more.',
};

/** Makes a problem of whatever a request failed with; a cancelled request stays what it is. */
export function asProblem(error: unknown, status: number | undefined): unknown {
  if (error instanceof ProblemError) return error;
  if (error instanceof DOMException && error.name === 'AbortError') return error;
  if (status === undefined) return new ProblemError(0, UNREACHABLE);
  const body = isProblemBody(error) ? error : UNEXPECTED;
  return new ProblemError(status, body.type === SIGNED_OUT.type ? SIGNED_OUT : body);
}

/** A trace's id; one that is written with dashes stays as it is. */
function inFours(reference: string): string {
  return reference.includes('-') ? reference : reference.replace(/.{4}(?=.)/g, '$& ');
}

function isRecord(value: unknown): value is InTheWay {
  if (typeof value !== 'object' || value === null) return false;
  const { id, kind, name } = value as Record<string, unknown>;
  return typeof id === 'string' && typeof kind === 'string' && typeof name === 'string';
}

function isProblemBody(body: unknown): body is ProblemBody {
  if (typeof body !== 'object' || body === null) return false;
  const { type, title, detail } = body as Record<string, unknown>;
  return typeof type === 'string' && typeof title === 'string' && typeof detail === 'string';
}
