/** Which export the school's MIS writes: it decides the command, and nothing else. */
import { Radio, Stack } from '@mantine/core';
import { isSourceKind, SOURCE_KIND_NAMES, SOURCE_KINDS, type SourceKindName } from './source-kinds';

interface SourceKindChoiceProps {
  kind: SourceKindName;
  onChange: (kind: SourceKindName) => void;
}

export function SourceKindChoice({ kind, onChange }: SourceKindChoiceProps) {
  return (
    <Radio.Group
      label="What does your MIS export?"
      value={kind}
      onChange={(value) => isSourceKind(value) && onChange(value)}
    >
      <Stack gap="sm" mt="xs">
        {SOURCE_KIND_NAMES.map((name) => (
          <Radio
            key={name}
            value={name}
            label={SOURCE_KINDS[name].name}
            description={SOURCE_KINDS[name].meaning}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
