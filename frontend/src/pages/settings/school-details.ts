/** The school's details as a form has them, where nothing is ''. */
import type { DetailsChange, DetailsSettings } from '~/api/settings';
import { YEAR_GROUPS, type YearGroup, yearGroupName, yearGroupsBetween } from '~/school/words';

export interface DetailValues {
  name: string;
  address_line_1: string;
  address_line_2: string;
  town: string;
  postcode: string;
  telephone: string;
  contact_email: string;
  first_year_group: YearGroup;
  last_year_group: YearGroup;
}

export const DETAIL_LABELS = {
  name: 'Name of the school',
  address_line_1: 'Address line 1',
  address_line_2: 'Address line 2',
  town: 'Town or city',
  postcode: 'Postcode',
  telephone: 'Telephone',
  contact_email: 'Contact e-mail address',
  first_year_group: 'First year group',
  last_year_group: 'Last year group',
} as const satisfies Record<keyof DetailValues, string>;

export function valuesOf(saved: DetailsSettings): DetailValues {
  return {
    name: saved.name,
    address_line_1: saved.address_line_1 ?? '',
    address_line_2: saved.address_line_2 ?? '',
    town: saved.town ?? '',
    postcode: saved.postcode,
    telephone: saved.telephone ?? '',
    contact_email: saved.contact_email ?? '',
    first_year_group: saved.first_year_group,
    last_year_group: saved.last_year_group,
  };
}

/** What is sent: a detail that is left empty is taken away. */
export function detailsOf(values: DetailValues): Omit<DetailsChange, 'expected_version'> {
  return {
    name: values.name.trim(),
    address_line_1: values.address_line_1.trim() || null,
    address_line_2: values.address_line_2.trim() || null,
    town: values.town.trim() || null,
    postcode: values.postcode.trim(),
    telephone: values.telephone.trim() || null,
    contact_email: values.contact_email.trim() || null,
    first_year_group: values.first_year_group,
    last_year_group: values.last_year_group,
  };
}

/** What can be said before anything is sent; postcodes and numbers the server knows better. */
export const validateDetails = {
  name: (value: string) => (value.trim().length >= 2 ? null : 'Enter the name of the school'),
  postcode: (value: string) => (value.trim() ? null : 'Enter a postcode'),
  contact_email: (value: string) =>
    value.trim() === '' || value.includes('@') ? null : 'Enter a whole e-mail address',
  last_year_group: (last: YearGroup, { first_year_group: first }: DetailValues) =>
    YEAR_GROUPS.indexOf(first) <= YEAR_GROUPS.indexOf(last)
      ? null
      : `${yearGroupName(last)} comes before ${yearGroupName(first)}`,
};

export function detailInWords(name: string, value: unknown): string {
  const text = String(value ?? '');
  return name.endsWith('_year_group') && text ? yearGroupName(text) : text;
}

/** The year groups that the school has and would no longer have. */
export function yearGroupsLost(
  saved: Pick<DetailsSettings, 'first_year_group' | 'last_year_group'>,
  first: YearGroup,
  last: YearGroup,
): YearGroup[] {
  const kept = yearGroupsBetween(first, last);
  return yearGroupsBetween(saved.first_year_group, saved.last_year_group).filter(
    (year) => !kept.includes(year),
  );
}
