/** Making a pupil inactive with a reason, and active again: nothing is deleted (R6, R13). */
import { Button, Group, List, Paper, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { handBackField, type PupilDetail, savePupil } from '~/api/pupils';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { ByHandBadge } from '~/components/people';
import { REASONS_TO_LEAVE } from '~/pages/pupils/many-pupils';

const ANOTHER = 'Another reason';

export function PupilActive({ pupil }: { pupil: PupilDetail }) {
  const [open, dialog] = useDisclosure(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [written, setWritten] = useState('');
  const reason = chosen === ANOTHER ? written.trim() : (chosen ?? '');
  const queryClient = useQueryClient();
  const settled = () =>
    Promise.all(
      ['roster', 'activity', 'parents'].map((key) =>
        queryClient.invalidateQueries({ queryKey: [key] }),
      ),
    );
  const change = useMutation({
    mutationFn: () =>
      savePupil(pupil.id, {
        expected_version: pupil.version,
        active: !pupil.active,
        ...(pupil.active ? { active_reason: reason } : {}),
      }),
    onSuccess: dialog.close,
    onSettled: settled,
  });
  const handBack = useMutation({
    mutationFn: () => handBackField(pupil, 'active'),
    onSettled: settled,
  });
  const action = pupil.active ? 'Make inactive' : 'Make active';
  const name = `${pupil.preferred_forename ?? pupil.legal_forename} ${pupil.preferred_surname ?? pupil.legal_surname}`;
  const byHand = pupil.overrides.includes('active');
  return (
    <Paper component="section" aria-label="Active or inactive" p="md">
      <Group gap="sm" mb="xs">
        <Title order={2}>{pupil.active ? 'Active' : 'Inactive'}</Title>
        {byHand && <ByHandBadge />}
      </Group>
      <Stack align="flex-start">
        <Text>
          {pupil.active
            ? 'Pupils are never deleted. Make a pupil inactive when they leave.'
            : `${pupil.active_reason ? `Reason: ${pupil.active_reason}. ` : ''}The pupil is left out of lists and figures. Everything they had is kept.`}
        </Text>
        {handBack.isError && <ProblemAlert problem={handBack.error} />}
        <Group gap="sm">
          <Button
            variant="default"
            onClick={() => {
              change.reset();
              setChosen(null);
              setWritten('');
              dialog.open();
            }}
          >
            {action}
          </Button>
          {byHand && (
            <Button
              variant="default"
              loading={handBack.isPending}
              onClick={() => handBack.mutate()}
            >
              Leave it to the MIS again
            </Button>
          )}
        </Group>
      </Stack>
      <Dialog opened={open} onClose={dialog.close} title={`${action}: ${name}?`}>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate();
          }}
        >
          <Stack>
            {change.isError && <ProblemAlert problem={change.error} />}
            {pupil.active ? (
              <>
                <WhatInactiveMeans />
                <Select
                  label="Reason"
                  required
                  description="It stands on this page and in the history."
                  placeholder="Choose one"
                  data={[...REASONS_TO_LEAVE, ANOTHER]}
                  comboboxProps={{ withinPortal: false, shadow: 'md' }}
                  value={chosen}
                  onChange={setChosen}
                />
                {chosen === ANOTHER && (
                  <TextInput
                    label="Which reason"
                    required
                    maxLength={200}
                    value={written}
                    onChange={(event) => setWritten(event.currentTarget.value)}
                  />
                )}
              </>
            ) : (
              <Text>
                The pupil is in lists and figures again, with the details and the groups that they
                had. The MIS sync leaves it so, until you leave it to the MIS again.
              </Text>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={dialog.close}>
                Cancel
              </Button>
              <Button
                type="submit"
                color={pupil.active ? 'brick' : undefined}
                disabled={pupil.active && !reason}
                loading={change.isPending}
              >
                {action}
              </Button>
            </Group>
          </Stack>
        </form>
      </Dialog>
    </Paper>
  );
}

function WhatInactiveMeans() {
  return (
    <List spacing="xs">
      <List.Item>
        They are left out of lists and count in no group. In Pupil Management you find them under
        ‘Inactive’.
      </List.Item>
      <List.Item>Their parents do not see them any more.</List.Item>
      <List.Item>
        Their details, groups and history are kept. You can make them active again at any time.
      </List.Item>
      <List.Item>
        The MIS sync does not make them active again, until you leave it to the MIS.
      </List.Item>
    </List>
  );
}
