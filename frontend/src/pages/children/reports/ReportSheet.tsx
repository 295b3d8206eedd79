/** The sheet of a report: its blocks one below the other, in the words in which they were made. */
import { Box, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { type ChildReport, childReportLogo } from '~/api/online-reports';
import { Attainment, Details, ScaleKey } from './tables';

type Block = ChildReport['blocks'][number];

interface ReportSheetProps {
  childId: string;
  report: ChildReport;
}

export function ReportSheet({ childId, report }: ReportSheetProps) {
  return (
    <Paper className="report-sheet" p={{ base: 'md', sm: 'xl' }}>
      <Stack gap="xl">
        {(report.has_logo || report.show_school) && (
          <Group gap="md">
            {report.has_logo && (
              <img
                src={childReportLogo(childId, report.id)}
                alt={`Logo of ${report.school}`}
                className="report-logo"
              />
            )}
            {report.show_school && (
              <Text fw={650} size="lg" c="dimmed">
                {report.school}
              </Text>
            )}
          </Group>
        )}
        <Title order={2} className="only-printed">
          {report.title}
        </Title>
        {report.blocks.map((block, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks never change their places
          <Part key={place} block={block} />
        ))}
        {report.footer && (
          <Text size="sm" c="dimmed">
            {report.footer}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function Part({ block }: { block: Block }) {
  const id = useId();
  return (
    <Box component="section" aria-labelledby={block.heading ? id : undefined}>
      {block.heading && (
        <Title order={2} id={id} mb="sm">
          {block.heading}
        </Title>
      )}
      {drawn(block)}
    </Box>
  );
}

function drawn(block: Block): ReactNode {
  switch (block.kind) {
    case 'details':
      return <Details block={block} />;
    case 'text':
    case 'general_comment':
      return <Paragraphs texts={block.paragraphs} />;
    case 'attainment':
      return <Attainment block={block} />;
    case 'subject_comments':
      return <Comments block={block} />;
    case 'scale_key':
      return <ScaleKey block={block} />;
    case 'signatures':
      return <Signatures lines={block.lines} />;
  }
}

function Paragraphs({ texts }: { texts: readonly string[] }) {
  return (
    <Stack gap="sm" maw="44rem">
      {texts.map((text, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs never change their places
        <Text key={place} className="report-text">
          {text}
        </Text>
      ))}
    </Stack>
  );
}

function Comments({ block }: { block: Extract<Block, { kind: 'subject_comments' }> }) {
  return (
    <Stack gap="lg">
      {block.comments.map(({ subject, band, effort, paragraphs }) => (
        <div key={subject}>
          <Title order={block.heading ? 3 : 2} size="h3" mb={4}>
            {subject}
          </Title>
          {(band || effort) && (
            <Group gap="lg" mb={4}>
              {band && <Said label="Attainment" value={band} />}
              {effort && <Said label="Effort" value={effort} />}
            </Group>
          )}
          <Paragraphs texts={paragraphs} />
        </div>
      ))}
    </Stack>
  );
}

function Said({ label, value }: { label: string; value: string }) {
  return (
    <Text>
      <Text span c="dimmed">
        {label}:
      </Text>{' '}
      <b>{value}</b>
    </Text>
  );
}

/** Nobody signs a page on a screen; printed, there is a line to sign on. */
function Signatures({ lines }: { lines: readonly string[] }) {
  return (
    <Stack gap="lg" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {lines.map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines never change their places
        <li key={place} className="report-signature">
          <span>{line}</span>
          <span>Date</span>
        </li>
      ))}
    </Stack>
  );
}
