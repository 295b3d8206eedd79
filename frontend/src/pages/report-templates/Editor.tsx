/** What a template says: its name, title, subjects, sections, and the page's furniture (R25). */
import {
  Alert,
  Button,
  Checkbox,
  Group,
  Paper,
  Radio,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { ProblemError } from '~/api/problem';
import type { TemplateList } from '~/api/templates';
import { ProblemAlert } from '~/components/messages';
import { formatMoment } from '~/school/words';
import classes from './Editor.module.css';
import { subjectsToChoose } from './layout-form';
import { PlaceholderField } from './PlaceholderField';
import { Sections } from './Sections';
import type { TemplateForm, TemplateState } from './useTemplateForm';

interface EditorProps {
  state: TemplateState;
  offered: TemplateList;
}

export function Editor({ state, offered }: EditorProps) {
  const { form, unsaved, busy } = state;
  const { placeholders } = offered;
  return (
    <Paper p="md">
      <form
        aria-label="Template"
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          state.save();
        }}
      >
        <Stack gap="lg">
          <Stack gap="sm">
            <TextInput
              label="Name of the template"
              description="Only staff see it."
              maxLength={60}
              data-path="name"
              {...form.getInputProps('name')}
            />
            <PlaceholderField
              label="Title of the report"
              description="Type { to put in the pupil’s name and the like."
              path="title"
              placeholders={placeholders}
              maxLength={200}
              value={form.values.title}
              error={form.errors.title}
              onChange={(text) => form.setFieldValue('title', text)}
            />
          </Stack>
          <Sections form={form} placeholders={placeholders} />
          <Subjects form={form} offered={offered} />
          <PageFurniture form={form} offered={offered} />
          <NotSaved state={state} />
          <Group justify="flex-end" className={classes.saving}>
            {unsaved && (
              <Button variant="default" onClick={state.undo} disabled={busy}>
                Undo my changes
              </Button>
            )}
            <Button type="submit" loading={busy} disabled={!unsaved}>
              Save the template
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

interface PartProps {
  form: TemplateForm;
  offered: TemplateList;
}

function Subjects({ form, offered }: PartProps) {
  const { which, subjects } = form.values;
  return (
    <section aria-labelledby="subjects-title">
      <Title order={2} id="subjects-title" mb="xs">
        Subjects
      </Title>
      <Radio.Group aria-labelledby="subjects-title" {...form.getInputProps('which')}>
        <Stack gap="xs">
          <Radio value="all" label="All subjects that are taught in the pupil’s year group" />
          <Radio value="chosen" label="Only these, where they are taught" />
        </Stack>
      </Radio.Group>
      {which === 'chosen' && (
        <Checkbox.Group
          mt="xs"
          aria-label="Subjects of this template"
          {...form.getInputProps('subjects')}
        >
          <Group gap="md">
            {subjectsToChoose(offered.subjects, subjects).map(({ value, label }) => (
              <Checkbox key={value} value={value} label={label} data-path="subjects" />
            ))}
          </Group>
        </Checkbox.Group>
      )}
    </section>
  );
}

function PageFurniture({ form, offered }: PartProps) {
  return (
    <section aria-labelledby="page-title">
      <Title order={2} id="page-title" mb="xs">
        On the page
      </Title>
      <Stack gap="sm">
        <Checkbox
          label="School logo, at the top of the first page"
          {...form.getInputProps('page.logo', { type: 'checkbox' })}
        />
        <Checkbox
          label="School’s name, beside the logo"
          {...form.getInputProps('page.school_name', { type: 'checkbox' })}
        />
        <Checkbox
          label="Page numbers, such as ‘Page 1 of 2’"
          {...form.getInputProps('page.page_numbers', { type: 'checkbox' })}
        />
        <PlaceholderField
          label="At the foot of each page"
          path="page.footer"
          placeholders={offered.placeholders}
          maxLength={200}
          value={form.values.page.footer}
          error={form.errors['page.footer']}
          onChange={(text) => form.setFieldValue('page.footer', text)}
        />
      </Stack>
    </section>
  );
}

/** Why nothing was saved, beside the button that was pressed. */
function NotSaved({ state }: { state: TemplateState }) {
  const { problem, form, busy } = state;
  if (problem instanceof ProblemError && problem.slug === 'changed-meanwhile') {
    const at = problem.current?.saved_at;
    return (
      <Alert color="brick" icon={<CircleAlert aria-hidden />} title={problem.title} role="alert">
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{problem.detail}</Text>
          {typeof at === 'string' && (
            <Text size="sm">
              Theirs is version {String(problem.current?.version)}, saved: {formatMoment(at)}. If
              you save yours over it, theirs stays among the versions.
            </Text>
          )}
          <Group gap="sm">
            <Button size="xs" color="brick" variant="outline" onClick={state.takeTheirs}>
              Show theirs, without my changes
            </Button>
            <Button
              size="xs"
              color="brick"
              variant="outline"
              loading={busy}
              onClick={state.saveOverTheirs}
            >
              Save mine as the newest
            </Button>
          </Group>
        </Stack>
      </Alert>
    );
  }
  if (Object.keys(form.errors).length > 0) {
    return (
      <Alert color="brick" icon={<CircleAlert aria-hidden />} title="Not saved yet" role="alert">
        <Text size="sm">Please correct what is marked in red above, then save again.</Text>
      </Alert>
    );
  }
  return problem ? <ProblemAlert problem={problem} /> : null;
}
