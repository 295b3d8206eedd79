/** All is chosen: what is missing, one pupil's preview, and having them made. */
import { Alert, Button, Group, Radio, Select, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, Eye, FileText } from 'lucide-react';
import { useState } from 'react';
import {
  lookAgain,
  makeReports,
  type ReportPupil,
  type ReportsLook,
  type ReportsLookWanted,
  type ReportsWanted,
} from '~/api/generated-reports';
import { useMutation } from '~/app/mutation';
import { ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';
import { PreviewDialog } from './PreviewDialog';
import { lettersNotPrinted, missingLines } from './words';

const EVERYBODY = '';

interface MakeReportsProps {
  wanted: ReportsLookWanted;
  look: ReportsLook;
}

export function MakeReports({ wanted, look }: MakeReportsProps) {
  const queryClient = useQueryClient();
  const [pupilId, setPupilId] = useState(EVERYBODY);
  const [form, setForm] = useState<ReportsWanted['form']>('pdf');
  const [jobId, setJobId] = useState(newId);
  const [previewed, preview] = useDisclosure(false);
  const one = look.pupils.find((pupil) => pupil.pupil_id === pupilId);
  const pupils = one ? [one] : look.pupils;
  const shown = one ?? look.pupils[0];
  const making = useMutation({
    mutationFn: () =>
      makeReports({
        ...wanted,
        ...(one && { scope: { kind: 'pupil', id: one.pupil_id } }),
        id: jobId,
        form: pupils.length === 1 ? 'pdf' : form,
      }),
    onSuccess: () => {
      setJobId(newId());
      return lookAgain(queryClient);
    },
  });
  const missing = missingLines(pupils);
  return (
    <Stack gap="md">
      <Group align="flex-end" gap="md">
        <Select
          label="Pupil"
          data={[
            { value: EVERYBODY, label: `All of ${look.scope_name} (${look.pupils.length})` },
            ...look.pupils.map(({ pupil_id: value, name: label }) => ({ value, label })),
          ]}
          value={pupilId}
          onChange={(chosen) => {
            making.reset();
            setPupilId(chosen ?? EVERYBODY);
          }}
          searchable
          nothingFoundMessage="Nobody of that name"
          allowDeselect={false}
          w={{ base: '100%', xs: '18rem' }}
        />
        <Button
          variant="default"
          leftSection={<Eye size={17} aria-hidden />}
          onClick={preview.open}
        >
          {`Preview: ${shown?.name}`}
        </Button>
      </Group>
      <WhatIsMissing pupils={pupils} />
      <LettersNotPrinted pupils={pupils} />
      {pupils.length > 1 && <FormChoice form={form} onForm={setForm} />}
      {making.isError && <ProblemAlert problem={making.error} />}
      <Group gap="md">
        <Button
          loading={making.isPending}
          leftSection={<FileText size={17} aria-hidden />}
          onClick={() => making.mutate()}
        >
          {buttonFor(pupils.length, missing.length > 0)}
        </Button>
        <Text role="status" size="sm">
          {making.isSuccess && 'Asked for. See ‘Reports made’, below.'}
        </Text>
      </Group>
      {shown && (
        <PreviewDialog opened={previewed} onClose={preview.close} wanted={wanted} pupil={shown} />
      )}
    </Stack>
  );
}

/** A browser makes ids only where the way is safe; the server makes one where none comes. */
function newId(): string | undefined {
  return globalThis.isSecureContext ? globalThis.crypto.randomUUID() : undefined;
}

function buttonFor(pupils: number, incomplete: boolean): string {
  const what = pupils === 1 ? 'this report' : counted(pupils, 'report');
  return incomplete ? `Make ${what} anyway` : `Make ${what}`;
}

function WhatIsMissing({ pupils }: { pupils: ReportPupil[] }) {
  const lines = missingLines(pupils);
  const incomplete = pupils.filter(({ missing }) => missing.length > 0).length;
  if (lines.length === 0) {
    return (
      <Alert
        color="leaf"
        icon={<CircleCheck aria-hidden />}
        title="Nothing is missing"
        role="status"
      >
        <Text size="sm">Everything that this template has a place for is recorded.</Text>
      </Alert>
    );
  }
  const title =
    pupils.length === 1
      ? 'Something is missing in this report'
      : `Something is missing in ${incomplete} of ${counted(pupils.length, 'report')}`;
  return (
    <Alert color="amber" icon={<CircleAlert aria-hidden />} title={title} role="status">
      <Stack gap={4} component="ul" m={0} pl="md">
        {lines.map(({ what, pupils: count, who }) => (
          <Text key={what} size="sm" component="li">
            {what}
            {pupils.length > 1 && ` (${count}): ${who}`}
          </Text>
        ))}
      </Stack>
      <Text size="sm" mt="xs">
        What is missing is left out. You can make the reports now, and again once it is there.
      </Text>
    </Alert>
  );
}

function LettersNotPrinted({ pupils }: { pupils: ReportPupil[] }) {
  const found = lettersNotPrinted(pupils);
  if (!found) return null;
  return (
    <Alert
      color="amber"
      icon={<CircleAlert aria-hidden />}
      title={`Some letters cannot be printed: ${found.letters}`}
      role="status"
    >
      <Text size="sm">
        A box stands in the place of each, in the {pupils.length === 1 ? 'report' : 'reports'} of{' '}
        {found.who}. To have a name printed, write it in Latin letters too. Parents who read the
        report online see them.
      </Text>
    </Alert>
  );
}

interface FormChoiceProps {
  form: ReportsWanted['form'];
  onForm: (form: ReportsWanted['form']) => void;
}

function FormChoice({ form, onForm }: FormChoiceProps) {
  return (
    <Radio.Group
      label="As what"
      value={form}
      onChange={(value) => onForm(value === 'zip' ? 'zip' : 'pdf')}
    >
      <Stack gap="xs" mt="xs">
        <Radio value="pdf" label="One PDF, to print all of them at once" />
        <Radio value="zip" label="A PDF for each pupil, together in a ZIP file" />
      </Stack>
    </Radio.Group>
  );
}
