/** Why the list of pupils is empty, and what to do about it. */
import { Button, EmptyState, Group, Stack } from '@mantine/core';
import { CircleCheck, SearchX, UsersRound } from 'lucide-react';
import { ButtonLink } from '~/components/links';
import type { PupilSearch } from './pupil-search';

interface NoPupilsProps {
  search: PupilSearch;
  isAdmin: boolean;
  onChange: (changed: PupilSearch) => void;
}

const NOBODY_IS_WITHOUT = {
  upn: 'Every pupil has a UPN',
  class: 'Every pupil is in a class',
  year: 'Every pupil has a year group',
} as const;

const NO_FILTERS: PupilSearch = {
  search: undefined,
  year: undefined,
  group: undefined,
  without: undefined,
  from: undefined,
  details: undefined,
  active: undefined,
};

export function NoPupils({ search, isAdmin, onChange }: NoPupilsProps) {
  const { sort: _, without, active, ...others } = search;
  const onlyWithout = Object.values(others).every((value) => value === undefined);
  if (onlyWithout && without && active === undefined) {
    return (
      <Empty icon={<CircleCheck aria-hidden />} title={NOBODY_IS_WITHOUT[without]}>
        <Button variant="default" onClick={() => onChange(NO_FILTERS)}>
          Show all pupils
        </Button>
      </Empty>
    );
  }
  if (onlyWithout && active === undefined) return <NoneYet isAdmin={isAdmin} />;
  if (onlyWithout && !without) {
    return (
      <Empty
        icon={<UsersRound aria-hidden />}
        title="Nobody is inactive"
        description="Pupils who leave are made inactive, never deleted. They are listed here, and can be made active again."
      >
        <Button variant="default" onClick={() => onChange(NO_FILTERS)}>
          Show pupils on roll
        </Button>
      </Empty>
    );
  }
  return (
    <Empty
      icon={<SearchX aria-hidden />}
      title="No pupils found"
      description="Try another search, or take a filter off."
    >
      <Button variant="default" onClick={() => onChange(NO_FILTERS)}>
        Take all filters off
      </Button>
      {search.search && active === undefined && (
        <Button
          variant="default"
          onClick={() => onChange({ ...NO_FILTERS, search: search.search, active: false })}
        >
          Look among inactive pupils
        </Button>
      )}
    </Empty>
  );
}

function NoneYet({ isAdmin }: { isAdmin: boolean }) {
  return (
    <Empty
      icon={<UsersRound aria-hidden />}
      title="No pupils yet"
      description="Pupils come from your MIS once it is linked and its groups are mapped; those without a UPN there are listed under ‘In the MIS, not here’. Without a MIS link, import a list of all your pupils, or add a few one at a time."
    >
      {isAdmin && (
        <ButtonLink to="/data-management/mis-synchronisation" variant="default">
          MIS Synchronisation
        </ButtonLink>
      )}
      {isAdmin && (
        <ButtonLink to="/pupils/import" variant="default">
          Pupil Import
        </ButtonLink>
      )}
    </Empty>
  );
}

interface EmptyProps {
  icon: React.ReactNode;
  title: string;
  description?: string;
  children: React.ReactNode;
}

function Empty({ icon, title, description, children }: EmptyProps) {
  return (
    <Stack align="center" gap={0} pb="xl">
      <EmptyState
        icon={icon}
        variant="light"
        pt="xl"
        pb="md"
        title={title}
        description={description}
      />
      <Group gap="sm" justify="center">
        {children}
      </Group>
    </Stack>
  );
}
