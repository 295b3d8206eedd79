/** Who is here already by the names that are typed, so that nobody is added twice. */
import { Alert, List, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Info } from 'lucide-react';
import { type Pupil, pupilsQuery } from '~/api/roster';
import { TextLink } from '~/components/links';
import { formatDate, yearGroupName } from '~/school/words';
import { namesakes, type PupilValues } from './pupil-form';

const MOST = 5;

export function Namesakes({ values }: { values: PupilValues }) {
  const [typed] = useDebouncedValue(values, 300);
  const search = `${typed.legal_forename ?? ''} ${typed.legal_surname ?? ''}`.trim();
  const enabled = Boolean(typed.legal_forename?.trim() && typed.legal_surname?.trim());
  const query = { search, limit: MOST };
  const active = useQuery({ ...pupilsQuery({ ...query, active: true }), enabled });
  const inactive = useQuery({ ...pupilsQuery({ ...query, active: false }), enabled });
  const found = [...(active.data?.items ?? []), ...(inactive.data?.items ?? [])];
  const same = enabled ? namesakes(found, typed) : [];
  return (
    <div role="status">
      {same.length > 0 && (
        <Alert
          color="amber"
          icon={<Info aria-hidden />}
          title="A pupil of this name is here already"
        >
          <List size="sm">
            {same.map((pupil) => (
              <List.Item key={pupil.id}>
                <TextLink
                  to="/pupils/$pupilId"
                  params={{ pupilId: pupil.id }}
                  size="sm"
                  underline="always"
                >
                  {pupil.legal_forename} {pupil.legal_surname}
                </TextLink>
                {described(pupil)}
              </List.Item>
            ))}
          </List>
          <Text size="sm" mt="xs">
            If it is the same child, open that page instead; an inactive pupil can be made active
            again. Add the pupil only if it is another child.
          </Text>
        </Alert>
      )}
    </div>
  );
}

function described(pupil: Pupil): string {
  const parts = [
    pupil.year_group && yearGroupName(pupil.year_group),
    pupil.date_of_birth && `born ${formatDate(pupil.date_of_birth)}`,
    !pupil.active && 'inactive',
  ];
  return parts
    .filter(Boolean)
    .map((part) => `, ${part}`)
    .join('');
}
