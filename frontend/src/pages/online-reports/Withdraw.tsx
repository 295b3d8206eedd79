/** Taking back what parents see, of all at once or of one pupil, after one question. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Undo2 } from 'lucide-react';
import { type PublishedPupil, withdraw } from '~/api/online-reports';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';
import { useChange } from './useChange';

interface WithdrawProps {
  jobId: string;
  pupils: readonly PublishedPupil[];
}

export function WithdrawAll({ jobId, pupils }: WithdrawProps) {
  const [opened, dialog] = useDisclosure(false);
  const what = counted(pupils.length, 'report');
  return (
    <>
      <Button variant="default" leftSection={<Undo2 size={17} aria-hidden />} onClick={dialog.open}>
        Withdraw {what}
      </Button>
      <Dialog opened={opened} onClose={dialog.close} title={`Withdraw ${what}?`}>
        <Question jobId={jobId} pupils={pupils} onClose={dialog.close} />
      </Dialog>
    </>
  );
}

export function WithdrawOne({ jobId, pupil }: { jobId: string; pupil: PublishedPupil }) {
  const [opened, dialog] = useDisclosure(false);
  return (
    <div>
      <Button
        variant="default"
        size="xs"
        aria-label={`Withdraw the report of ${pupil.name}`}
        onClick={dialog.open}
      >
        Withdraw
      </Button>
      <Dialog
        opened={opened}
        onClose={dialog.close}
        title={`Withdraw the report of ${pupil.name}?`}
      >
        <Question jobId={jobId} pupils={[pupil]} onClose={dialog.close} />
      </Dialog>
    </div>
  );
}

function Question({ jobId, pupils, onClose }: WithdrawProps & { onClose: () => void }) {
  const withdrawing = useChange(jobId, withdraw);
  const opened = pupils.filter(({ openings }) => openings.length > 0).length;
  const one = pupils.length === 1;
  return (
    <Stack>
      <Text>
        Parents cannot see {one ? 'it' : 'them'} any more from this moment on. Where{' '}
        {one ? 'it' : 'one'} is open, it goes from the page within a minute. An e-mail that has not
        gone out yet is not sent.
      </Text>
      {opened > 0 && (
        <Text>
          {one
            ? 'It has been opened already, and may have been kept as a PDF.'
            : `${opened} of ${pupils.length} have been opened already, and may have been kept as a PDF.`}
        </Text>
      )}
      <Text>You can publish {one ? 'it' : 'them'} again later.</Text>
      {withdrawing.isError && <ProblemAlert problem={withdrawing.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          color="brick"
          loading={withdrawing.isPending}
          onClick={() =>
            withdrawing.mutate(
              pupils.map(({ pupil_id }) => pupil_id),
              { onSuccess: onClose },
            )
          }
        >
          Withdraw {one ? 'it' : counted(pupils.length, 'report')}
        </Button>
      </Group>
    </Stack>
  );
}
