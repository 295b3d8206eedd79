/** Puts an entry of a list before or after its neighbour, by mouse and by keyboard. */
import { ActionIcon, Group } from '@mantine/core';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface MoveButtonsProps {
  name: string;
  place: number;
  count: number;
  onMove: (from: number, to: number) => void;
  className?: string;
}

export function MoveButtons({ name, place, count, onMove, className }: MoveButtonsProps) {
  /** Where an entry is put further down, the browser takes the focus from it. */
  const pressed = useRef<HTMLButtonElement | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it stands somewhere else
  useLayoutEffect(() => {
    pressed.current?.focus();
    pressed.current = null;
  }, [place]);
  const move = (button: HTMLButtonElement, to: number) => {
    pressed.current = button;
    onMove(place, to);
  };
  return (
    <Group gap={2} wrap="nowrap" className={className}>
      <Move
        label={`Move ${name} up`}
        possible={place > 0}
        onMove={(button) => move(button, place - 1)}
      >
        <ArrowUp size={17} aria-hidden />
      </Move>
      <Move
        label={`Move ${name} down`}
        possible={place < count - 1}
        onMove={(button) => move(button, place + 1)}
      >
        <ArrowDown size={17} aria-hidden />
      </Move>
    </Group>
  );
}

interface MoveProps {
  label: string;
  possible: boolean;
  onMove: (button: HTMLButtonElement) => void;
  children: ReactNode;
}

/** Stays in the tab order at the ends of the list, so that the focus is not lost there. */
function Move({ label, possible, onMove, children }: MoveProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="slate"
      aria-label={label}
      aria-disabled={!possible}
      style={possible ? undefined : { opacity: 0.4 }}
      onClick={(event) => possible && onMove(event.currentTarget)}
    >
      {children}
    </ActionIcon>
  );
}
