/** The second step: which column is which, as recognised or chosen. */
import { Alert, Button, List, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Info } from 'lucide-react';
import type { PupilImport } from '~/api/pupil-imports';
import { pupilFieldsQuery } from '~/api/pupils';
import { ColumnsTable } from '~/components/import/ColumnsTable';
import { StepButtons } from '~/components/import/StepButtons';
import { CancelPupilImport } from './CancelPupilImport';
import type { Draft } from './useDraft';
import { fieldsToChoose, wrongColumns } from './words';

interface ColumnsProps {
  made: PupilImport;
  draft: Draft;
  onNext: () => void;
}

export function Columns({ made, draft, onNext }: ColumnsProps) {
  const kept = useQuery(pupilFieldsQuery);
  const wrong = wrongColumns(draft.columns.chosen.map(({ field }) => field));
  return (
    <Stack gap="lg">
      <NotKept made={made} />
      <ColumnsTable made={made} choices={draft.columns} fields={fieldsToChoose(kept.data ?? [])} />
      <StepButtons cancel={<CancelPupilImport importId={made.id} />} wrong={wrong}>
        <Button onClick={onNext} disabled={wrong !== undefined}>
          Next
        </Button>
      </StepButtons>
    </Stack>
  );
}

/** Details that the school does not keep, and why their columns are not used (R29). */
function NotKept({ made }: { made: PupilImport }) {
  const passed = made.columns.filter(({ note }) => note);
  if (passed.length === 0) return null;
  return (
    <Alert icon={<Info aria-hidden />} title="Some columns are not used">
      <List size="sm">
        {passed.map(({ column, heading, note }) => (
          <List.Item key={column}>
            <b>{heading}</b>: {note}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
