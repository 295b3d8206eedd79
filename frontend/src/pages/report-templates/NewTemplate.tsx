/** Another template, from what its kind begins with (R25). */
import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { ProblemError } from '~/api/problem';
import { addOneTemplate, type TemplateKind, templatesQuery } from '~/api/templates';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { ProblemAlert } from '~/components/messages';
import { KIND_NAMES } from './layout-form';

const ABOUT: Record<TemplateKind, string> = {
  assessment_summary: 'Where the pupil stands in each subject, on a page or two.',
  written_report: 'With comments by subject, the teachers’ words and lines to sign on.',
};
const KINDS = Object.keys(KIND_NAMES) as TemplateKind[];

export function NewTemplate() {
  const [open, dialog] = useDisclosure(false);
  return (
    <>
      <Button leftSection={<Plus size={17} aria-hidden />} onClick={dialog.open}>
        New template
      </Button>
      <Dialog opened={open} onClose={dialog.close} title="New template">
        {/* Mounted for as long as it is open: each time begins anew. */}
        <NewForm onClose={dialog.close} />
      </Dialog>
    </>
  );
}

function NewForm({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<TemplateKind>('written_report');
  const [name, setName] = useState('');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const adding = useMutation({
    mutationFn: () => addOneTemplate({ kind, name: name.trim() || null }),
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: templatesQuery.queryKey });
      await navigate({ to: '/report-templates/$templateId', params: { templateId: made.id } });
    },
  });
  const wrongName = adding.error instanceof ProblemError ? adding.error.field('name') : undefined;
  const send = (event: FormEvent) => {
    event.preventDefault();
    adding.mutate();
  };
  return (
    <form onSubmit={send} noValidate>
      <Stack>
        {adding.error && !wrongName && <ProblemAlert problem={adding.error} />}
        <Radio.Group
          label="What it is for"
          value={kind}
          onChange={(chosen) => setKind(chosen as TemplateKind)}
        >
          <Stack gap="xs" mt="xs">
            {KINDS.map((one) => (
              <Radio key={one} value={one} label={KIND_NAMES[one]} description={ABOUT[one]} />
            ))}
          </Stack>
        </Radio.Group>
        <TextInput
          label="Name"
          description="Only staff see it. Left empty, it is named after what it is for."
          maxLength={60}
          value={name}
          error={wrongName}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={adding.isPending}>
            Add the template
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
