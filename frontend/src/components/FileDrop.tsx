/** Where a file is dropped or chosen. What is wrong with it is the server's to say. */
import { Button, type MantineSpacing, Stack, Text } from '@mantine/core';
import { Dropzone, type DropzoneProps } from '@mantine/dropzone';
import type { LucideIcon } from 'lucide-react';
import { useRef } from 'react';

interface FileDropProps extends Pick<DropzoneProps, 'accept'> {
  icon: LucideIcon;
  label: string;
  /** What it may be. */
  hint: string;
  button: string;
  loading: boolean;
  onFile: (file: File) => void;
  py?: MantineSpacing;
}

export function FileDrop(props: FileDropProps) {
  const { icon: Icon, label, hint, button, loading, onFile, accept, py = 40 } = props;
  const open = useRef<() => void>(null);
  const take = (file: File | undefined) => file && onFile(file);
  return (
    <Dropzone
      onDrop={([file]) => take(file)}
      onReject={([refused]) => take(refused?.file)}
      openRef={open}
      accept={accept}
      activateOnClick={false}
      activateOnKeyboard={false}
      tabIndex={-1}
      multiple={false}
      loading={loading}
      py={py}
    >
      <Stack align="center" gap="sm">
        <Icon size={40} aria-hidden strokeWidth={1.4} />
        <Text fw={600} ta="center">
          {label}
        </Text>
        <Text size="sm" c="dimmed" ta="center">
          {hint}
        </Text>
        <Button onClick={() => open.current?.()} loading={loading} style={{ pointerEvents: 'all' }}>
          {button}
        </Button>
      </Stack>
    </Dropzone>
  );
}
