/** The part of a list page's address that says what is listed: search, order, filters. */

export interface ListSearch {
  search?: string;
  /** A field's name, with a minus before it for descending order. */
  sort?: string;
  active?: false;
}

/** A filter whose values are not known beforehand, such as a group's id. */
export const ANYTHING: readonly string[] = [];

type Filters = Record<string, readonly string[]>;
type Chosen<Of extends Filters> = { [Name in keyof Of]?: Of[Name][number] };

/** Reads the common parts and the filters, and drops every value that is not one of theirs. */
export function listSearch<const Of extends Filters>(filters: Of) {
  return (raw: Record<string, unknown>): ListSearch & Chosen<Of> => {
    const chosen: Record<string, string> = {};
    for (const [name, allowed] of Object.entries(filters)) {
      const value = text(raw[name]);
      if (value && (allowed === ANYTHING || allowed.includes(value))) chosen[name] = value;
    }
    const common: ListSearch = {
      search: text(raw.search),
      sort: text(raw.sort),
      active: raw.active === false || raw.active === 'false' ? false : undefined,
    };
    return { ...common, ...(chosen as Chosen<Of>) };
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
