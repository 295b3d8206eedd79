/** The pupils of a class in one subject: the band of each term side by side, and the way between. */
import { Group, Table, Text, VisuallyHidden } from '@mantine/core';
import { ArrowDown, ArrowRight, ArrowUp } from 'lucide-react';
import type { AttainmentBand, PupilsProgress } from '~/api/attainment';
import classes from './AttainmentPage.module.css';
import { termName } from './choices';

const STEPS = {
  up: { icon: ArrowUp, words: 'Moved up' },
  same: { icon: ArrowRight, words: 'Same' },
  down: { icon: ArrowDown, words: 'Moved down' },
};

export function PupilsTable({ data }: { data: PupilsProgress }) {
  if (data.pupils.length === 0) return <Text c="dimmed">There are no pupils in this group.</Text>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={classes.scroll} aria-label={`Pupils of ${data.of}`} tabIndex={0}>
      <Table className={classes.table}>
        <Table.Caption className={classes.caption}>
          <VisuallyHidden>
            {data.subject}: pupils of {data.of}
          </VisuallyHidden>
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Pupil</Table.Th>
            {data.terms.map((term) => (
              <Table.Th key={term.id} scope="col">
                {termName(term)}
              </Table.Th>
            ))}
            <Table.Th scope="col">Progress</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.pupils.map((pupil) => (
            <Table.Tr key={pupil.id}>
              <Table.Th scope="row">
                {pupil.surname}, {pupil.forename}
              </Table.Th>
              {pupil.bands.map((band, place) => (
                <Table.Td key={data.terms[place]?.id}>
                  <BandOfTerm band={band} />
                </Table.Td>
              ))}
              <Table.Td>
                <StepOfPupil step={pupil.step} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function BandOfTerm({ band }: { band: AttainmentBand | null }) {
  if (!band) return <NotKnown words="Not recorded" />;
  return (
    <Text size="sm" fw={band.at_or_above ? 600 : undefined}>
      {band.name}
    </Text>
  );
}

function StepOfPupil({ step }: { step: keyof typeof STEPS | null }) {
  if (!step) return <NotKnown words="Without a mark in both" />;
  const { icon: Icon, words } = STEPS[step];
  return (
    <Group gap={6} wrap="nowrap">
      <Icon size={16} aria-hidden />
      <Text size="sm">{words}</Text>
    </Group>
  );
}

function NotKnown({ words }: { words: string }) {
  return (
    <Text size="sm" c="dimmed">
      <span aria-hidden>–</span>
      <VisuallyHidden>{words}</VisuallyHidden>
    </Text>
  );
}
