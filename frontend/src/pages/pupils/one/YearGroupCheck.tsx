/** Where year group and date of birth do not fit, or a person said why (R13). */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { CalendarClock, CalendarX } from 'lucide-react';
import { type PupilDetail, savePupil } from '~/api/pupils';
import { useMutation } from '~/app/mutation';
import { ProblemAlert } from '~/components/messages';
import { formatDate, yearGroupName } from '~/school/words';
import { yearsApart, yearsOff } from './pupil-form';

const MOST_YEARS_OFF = 3;

export function YearGroupCheck({ pupil, editable }: { pupil: PupilDetail; editable: boolean }) {
  const queryClient = useQueryClient();
  const set = useMutation({
    mutationFn: (offset: number) =>
      savePupil(pupil.id, { expected_version: pupil.version, year_offset: offset }),
    onSettled: () =>
      Promise.all(
        ['roster', 'activity'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      ),
  });
  if (!pupil.year_disagrees && pupil.year_offset === 0) return null;
  const off = yearsOff(pupil);
  const known = off !== null && Math.abs(off) <= MOST_YEARS_OFF;
  return (
    <Alert
      color={pupil.year_disagrees ? 'amber' : 'lagoon'}
      icon={pupil.year_disagrees ? <CalendarX aria-hidden /> : <CalendarClock aria-hidden />}
      title={
        pupil.year_disagrees
          ? 'Year group and date of birth do not fit'
          : `Taught ${yearsApart(pupil.year_offset)} their age`
      }
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{explained(pupil)}</Text>
        {set.isError && <ProblemAlert problem={set.error} />}
        {editable && (
          <Group gap="sm">
            {pupil.year_disagrees && known && off !== 0 && (
              <Button size="xs" loading={set.isPending} onClick={() => set.mutate(off)}>
                It is right: taught {yearsApart(off)} their age
              </Button>
            )}
            {pupil.year_offset !== 0 && (
              <Button
                size="xs"
                variant="default"
                loading={set.isPending}
                onClick={() => set.mutate(0)}
              >
                Not any more: taught with their age
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

function explained(pupil: PupilDetail): string {
  const born = pupil.date_of_birth ? formatDate(pupil.date_of_birth) : 'this day';
  const age = pupil.year_group_of_age
    ? `Children born on ${born} are in ${yearGroupName(pupil.year_group_of_age)} this academic year`
    : `Children born on ${born} are too young or too old for any year group this academic year`;
  const here = pupil.year_group ? yearGroupName(pupil.year_group) : 'no year group';
  if (!pupil.year_disagrees) {
    return `${age}; this pupil is in ${here}. That is as it should be, and stays so at the roll-up.`;
  }
  const said =
    pupil.year_offset === 0
      ? ''
      : ` It was said that they are taught ${yearsApart(pupil.year_offset)} their age.`;
  return `${age}; this pupil is in ${here}.${said} Correct what is wrong below, or say that it is right.`;
}
