/** The fourth step: what importing would do, before it is done. */
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  confirmPupils,
  keepPupilImport,
  movingQuery,
  type PupilImport,
  pupilImportQuery,
  pupilsToMend,
} from '~/api/pupil-imports';
import { Dialog } from '~/components/Dialog';
import { ImportProgress } from '~/components/import/ImportProgress';
import { ConfirmBar, Rejected, useConfirming } from '~/components/import/Preview';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';
import { CancelPupilImport } from './CancelPupilImport';
import { PupilRows } from './PupilRows';
import { confirmLabel, howTheRowsAddUp, NONE, shareOfTheRoll, whatImportingDoes } from './words';

interface PreviewProps {
  made: PupilImport;
  onBack: () => void;
  onConfirmed: () => void;
}

export function Preview({ made, onBack, onConfirmed }: PreviewProps) {
  const queryClient = useQueryClient();
  const [asking, question] = useDisclosure(false);
  const confirm = useConfirming({
    confirm: (makeManyInactive: boolean) => confirmPupils(made, makeManyInactive),
    onDone: (done) => {
      keepPupilImport(queryClient, done);
      onConfirmed();
    },
    onChanged: () =>
      queryClient.invalidateQueries({ queryKey: pupilImportQuery(made.id).queryKey }),
  });
  const applying = useQuery(movingQuery(confirm.isPending ? made.id : undefined));
  const progress = applying.data?.progress;
  const counts = made.counts ?? NONE;
  const label = confirmLabel(counts);
  return (
    <Stack gap="lg">
      {confirm.error && <ProblemAlert problem={confirm.error} />}
      <Waits made={made} />
      <ManyInactive made={made} />
      <Rejected
        count={counts.rejected}
        file={pupilsToMend(made.id)}
        all={counts.rejected === made.rows}
      />
      <WorthALook made={made} />
      <Text c="dimmed">{howTheRowsAddUp(made.rows, counts)}</Text>
      <PupilRows made={made} />
      {progress && (
        <ImportProgress what="The pupils are being imported" thing="pupil" progress={progress} />
      )}
      <ConfirmBar
        says={whatImportingDoes(counts)}
        cancel={<CancelPupilImport importId={made.id} />}
        back="what to do"
        onBack={onBack}
      >
        <Button
          onClick={() => (made.makes_many_inactive ? question.open() : confirm.mutate(false))}
          loading={confirm.isPending}
          disabled={!label || made.refused_because !== null}
        >
          {label ?? 'Nothing to import'}
        </Button>
      </ConfirmBar>
      <Dialog
        opened={asking}
        onClose={question.close}
        title={`Make ${counted(counts.made_inactive, 'pupil')} inactive?`}
      >
        <Stack>
          <Text>
            {shareOfTheRoll(counts.made_inactive, made.active_roll)} are not in {made.file_name}.
            Are you sure that it holds every pupil of the school?
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={question.close}>
              No, go back
            </Button>
            <Button
              color="brick"
              onClick={() => {
                question.close();
                confirm.mutate(true);
              }}
            >
              Yes, make {counted(counts.made_inactive, 'pupil')} inactive
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Stack>
  );
}

/** From 1 June until the roll-up has run, nobody moves the school up by a file (R12). */
function Waits({ made }: { made: PupilImport }) {
  if (!made.refused_because) return null;
  return (
    <Alert
      color="brick"
      icon={<CircleAlert aria-hidden />}
      title="This has to wait for the roll-up"
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{made.refused_because}</Text>
        <TextLink to="/data-management/roll-up" size="sm">
          See what the roll-up does
        </TextLink>
      </Stack>
    </Alert>
  );
}

function ManyInactive({ made }: { made: PupilImport }) {
  if (!made.makes_many_inactive || !made.counts) return null;
  return (
    <Alert
      color="amber"
      icon={<CircleAlert aria-hidden />}
      title="Many pupils would become inactive"
    >
      <Text size="sm">
        {shareOfTheRoll(made.counts.made_inactive, made.active_roll)} are not in this file. They are
        listed below under ‘Made inactive’. If the file holds only some of the school’s pupils, go
        back and choose a partial import.
      </Text>
    </Alert>
  );
}

/** What is not wrong, but should be known before confirming. */
function WorthALook({ made }: { made: PupilImport }) {
  const { made_active: active, probable } = made.counts ?? NONE;
  const lines: ReactNode[] = [];
  if (made.new_classes.length > 0) lines.push(`New classes: ${made.new_classes.join(', ')}.`);
  if (made.missing_classes.length > 0) {
    lines.push(
      `Classes that are not here: ${made.missing_classes.join(', ')}. Go back to ‘What to do’ to have them made, or correct them in the file.`,
    );
  }
  if (active > 0) lines.push(`${counted(active, 'inactive pupil')} will be active again.`);
  if (probable > 0) {
    lines.push(
      `${counted(probable, 'pupil')} known by name and date of birth only. Please look at each before you import.`,
    );
  }
  if (lines.length === 0) return null;
  return (
    <Alert icon={<Info aria-hidden />} title="Good to know">
      <List size="sm">
        {lines.map((line) => (
          <List.Item key={String(line)}>{line}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
