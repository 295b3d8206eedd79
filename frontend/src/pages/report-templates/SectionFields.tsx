/** What can be said of one section of a template, by its kind. */
import { ActionIcon, Button, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import type { TemplatePlaceholder } from '~/api/templates';
import { nameOf, type SectionValues } from './layout-form';
import { PlaceholderField } from './PlaceholderField';
import classes from './Sections.module.css';
import type { TemplateForm } from './useTemplateForm';

interface FieldsProps<Section extends SectionValues = SectionValues> {
  form: TemplateForm;
  section: Section;
  place: number;
  placeholders: readonly TemplatePlaceholder[];
}

type Of<Kind extends SectionValues['kind']> = FieldsProps<Extract<SectionValues, { kind: Kind }>>;

export function SectionFields(props: FieldsProps) {
  const { form, section, place, placeholders } = props;
  const path = `sections.${place}.heading`;
  return (
    <div className={classes.fields}>
      <PlaceholderField
        label="Heading"
        description="Empty: the section has none."
        path={path}
        placeholders={placeholders}
        maxLength={120}
        value={section.heading}
        error={form.errors[path]}
        onChange={(text) => form.setFieldValue(path, text)}
      />
      <OfItsKind {...props} />
    </div>
  );
}

function OfItsKind({ section, ...rest }: FieldsProps) {
  switch (section.kind) {
    case 'details':
      return <DetailsFields section={section} {...rest} />;
    case 'text':
      return <TextFields section={section} {...rest} />;
    case 'attainment':
      return <AttainmentFields section={section} {...rest} />;
    case 'subject_comments':
      return <SubjectCommentsFields section={section} {...rest} />;
    case 'general_comment':
      return <GeneralCommentFields section={section} {...rest} />;
    case 'signatures':
      return <SignatureFields section={section} {...rest} />;
    case 'scale_key':
      return (
        <Text size="sm" c="dimmed">
          Each band of the school’s attainment scale with what it means, as in School settings.
        </Text>
      );
  }
}

const DETAILS = [
  { value: 'name', label: 'Name' },
  { value: 'class', label: 'Class' },
  { value: 'year_group', label: 'Year group' },
  { value: 'date_of_birth', label: 'Date of birth' },
  { value: 'class_teacher', label: 'Class teacher' },
  { value: 'term', label: 'Term' },
];

function DetailsFields({ form, place }: Of<'details'>) {
  return (
    <Checkbox.Group
      label="Details that stand in it"
      {...form.getInputProps(`sections.${place}.fields`)}
    >
      <Group gap="md" mt={6}>
        {DETAILS.map(({ value, label }) => (
          <Checkbox key={value} value={value} label={label} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

function TextFields({ form, section, place, placeholders }: Of<'text'>) {
  const path = `sections.${place}.text`;
  return (
    <PlaceholderField
      lines
      label="Text"
      description="Each line is a paragraph. Type { to put in the pupil’s name and the like."
      path={path}
      placeholders={placeholders}
      maxLength={5000}
      value={section.text}
      error={form.errors[path]}
      onChange={(text) => form.setFieldValue(path, text)}
    />
  );
}

const EARLIER = [
  { value: '0', label: 'None' },
  { value: '1', label: 'The term before' },
  { value: '2', label: 'The two terms before' },
  { value: '3', label: 'The three terms before' },
];

function AttainmentFields({ form, section, place }: Of<'attainment'>) {
  const at = `sections.${place}`;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        A row for each subject with its band of the attainment scale.
      </Text>
      <Checkbox
        label="Whether it is at the expectation of the year group"
        {...form.getInputProps(`${at}.expectation`, { type: 'checkbox' })}
      />
      <Checkbox label="Effort" {...form.getInputProps(`${at}.effort`, { type: 'checkbox' })} />
      <Checkbox
        label="Leave out subjects in which nothing is recorded"
        {...form.getInputProps(`${at}.leave_out_empty`, { type: 'checkbox' })}
      />
      <Select
        label="Attainment of earlier terms"
        maw="20rem"
        data={EARLIER}
        value={String(section.earlier_terms)}
        onChange={(chosen) => form.setFieldValue(`${at}.earlier_terms`, Number(chosen))}
      />
    </Stack>
  );
}

function SubjectCommentsFields({ form, place }: Of<'subject_comments'>) {
  const at = `sections.${place}`;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        What was written of the pupil in each subject. Subjects without a comment are left out.
      </Text>
      <Checkbox
        label="With the attainment beside the subject"
        {...form.getInputProps(`${at}.attainment`, { type: 'checkbox' })}
      />
      <Checkbox
        label="With the effort beside the subject"
        {...form.getInputProps(`${at}.effort`, { type: 'checkbox' })}
      />
    </Stack>
  );
}

const WHOSE = [
  { value: 'class_teacher', label: 'The class teacher’s' },
  { value: 'head_teacher', label: 'The head teacher’s' },
];

function GeneralCommentFields({ form, place }: Of<'general_comment'>) {
  return (
    <Select
      label="Whose comment"
      maw="20rem"
      data={WHOSE}
      {...form.getInputProps(`sections.${place}.of`)}
    />
  );
}

const MOST_LINES = 6;

function SignatureFields({ form, section, place, placeholders }: Of<'signatures'>) {
  const at = `sections.${place}.lines`;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        A line to sign on for each, with room for the date.
      </Text>
      {section.lines.map((line, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are told apart by their places only
        <div key={number} className={classes.line}>
          <PlaceholderField
            label={`Who signs on line ${number + 1}`}
            path={`${at}.${number}`}
            placeholders={placeholders}
            maxLength={200}
            value={line}
            error={form.errors[`${at}.${number}`]}
            onChange={(text) => form.setFieldValue(`${at}.${number}`, text)}
          />
          <ActionIcon
            mt={30}
            variant="subtle"
            color="slate"
            aria-label={`Take away line ${number + 1} of ${nameOf(section)}`}
            onClick={() => form.removeListItem(at, number)}
          >
            <X size={17} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      {form.errors[at] && (
        <Text c="brick.8" size="sm" role="alert">
          {form.errors[at]}
        </Text>
      )}
      {section.lines.length < MOST_LINES && (
        <Button
          variant="default"
          size="xs"
          style={{ alignSelf: 'flex-start' }}
          leftSection={<Plus size={15} aria-hidden />}
          onClick={() => form.insertListItem(at, '')}
        >
          Add a line
        </Button>
      )}
    </Stack>
  );
}
