/** A command to be typed on another computer, and a button that copies it. */
import { Button, Code, CopyButton, Group } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { Fragment } from 'react';

/** Shorter words stay whole, so that nobody types a space into an option. */
const LONG = 30;

export function Command({ label, children }: { label: string; children: string }) {
  return (
    <Group gap="xs" mt={6} align="stretch">
      <Code
        block
        aria-label={label}
        style={{ flex: '1 1 16rem', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        bg="slate.0"
        c="slate.9"
      >
        {children.split(' ').map((word, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a command's words never move
          <Fragment key={place}>
            {place > 0 && ' '}
            <span style={word.length < LONG ? { whiteSpace: 'nowrap' } : undefined}>{word}</span>
          </Fragment>
        ))}
      </Code>
      <CopyButton value={children}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            onClick={copy}
            aria-label={copied ? `Copied: ${label}` : `Copy: ${label}`}
            leftSection={copied ? <Check size={17} aria-hidden /> : <Copy size={17} aria-hidden />}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
