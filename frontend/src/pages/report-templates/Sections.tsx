/** The sections of a template, in their order: added, moved, switched, taken out. */
import {
  ActionIcon,
  Button,
  Group,
  Menu,
  Switch,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { TemplatePlaceholder } from '~/api/templates';
import { MoveButtons } from '~/components/MoveButtons';
import { nameOf, newSection, SECTION_NAMES, type SectionKind } from './layout-form';
import { SectionFields } from './SectionFields';
import classes from './Sections.module.css';
import type { TemplateForm } from './useTemplateForm';

interface SectionsProps {
  form: TemplateForm;
  placeholders: readonly TemplatePlaceholder[];
}

const KINDS = Object.keys(SECTION_NAMES) as SectionKind[];

export function Sections({ form, placeholders }: SectionsProps) {
  const [said, setSaid] = useState('');
  const { sections } = form.values;
  const move = (from: number, to: number) => {
    const moved = sections[from];
    form.clearErrors();
    form.reorderListItem('sections', { from, to });
    if (moved) setSaid(`${nameOf(moved)} is now ${to + 1} of ${sections.length}`);
  };
  const add = (kind: SectionKind) => {
    const section = newSection(kind);
    form.insertListItem('sections', section);
    setSaid(`${SECTION_NAMES[kind]} was added at the end`);
    // Once it is there: what it says is what comes next.
    setTimeout(() => document.getElementById(`heading-of-${section.key}`)?.focus());
  };
  const remove = (place: number) => {
    const gone = sections[place];
    form.clearErrors();
    form.removeListItem('sections', place);
    if (gone) setSaid(`${nameOf(gone)} was taken out`);
  };
  return (
    <section aria-labelledby="sections-title">
      <Title order={2} id="sections-title" mb={4}>
        Sections
      </Title>
      <Text c="dimmed" mb="sm" maw="46rem">
        A report has these sections in this order. Where nothing is known of a pupil, such as a
        comment that nobody has written, the section is left out of that pupil’s report.
      </Text>
      <ol className={classes.list}>
        {sections.map((section, place) => (
          <li
            key={section.key}
            className={classes.section}
            data-off={!section.on || undefined}
            aria-label={nameOf(section)}
          >
            <div className={classes.head}>
              <MoveButtons
                name={nameOf(section)}
                place={place}
                count={sections.length}
                onMove={move}
              />
              <Text
                id={`heading-of-${section.key}`}
                component="h3"
                fw={650}
                m={0}
                tabIndex={-1}
                className={classes.name}
              >
                {place + 1}. {SECTION_NAMES[section.kind]}
              </Text>
              <Switch
                label="In reports"
                aria-label={`In reports: ${nameOf(section)}`}
                {...form.getInputProps(`sections.${place}.on`, { type: 'checkbox' })}
              />
              <ActionIcon
                variant="subtle"
                color="slate"
                aria-label={`Take out ${nameOf(section)}`}
                onClick={() => remove(place)}
              >
                <X size={17} aria-hidden />
              </ActionIcon>
            </div>
            {section.on && (
              <SectionFields
                form={form}
                section={section}
                place={place}
                placeholders={placeholders}
              />
            )}
          </li>
        ))}
      </ol>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      <Group>
        <Menu position="bottom-start" withinPortal={false} shadow="md">
          <Menu.Target>
            <Button variant="default" leftSection={<Plus size={17} aria-hidden />}>
              Add a section
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {KINDS.map((kind) => (
              <Menu.Item key={kind} onClick={() => add(kind)}>
                {SECTION_NAMES[kind]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        {form.errors.sections && (
          <Text c="brick.8" size="sm" role="alert">
            {form.errors.sections}
          </Text>
        )}
      </Group>
    </section>
  );
}
