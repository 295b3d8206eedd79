/** The cells of the grid: a value chosen by its code, and a comment. */
import { ActionIcon, NativeSelect, Text, Textarea, Tooltip } from '@mantine/core';
import { useResizeObserver } from '@mantine/hooks';
import { MessageSquareQuote } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { formatNumber } from '~/school/words';
import classes from './Grid.module.css';
import { cellAt } from './grid-keys';
import { SavingOfCell, stateOfCell } from './Saving';
import { type Entry, prose, type Sheet } from './sheet';
import { inserted } from './statement-words';
import { CodeTyping, type Option } from './typed-code';

/** How long after the last letter a comment is sent. */
const PAUSE_MS = 900;

export interface CellProps {
  sheet: Sheet;
  id: string;
  entry: Entry;
  name: string;
  label: string;
  row: number;
  column: number;
  readOnly: boolean;
}

interface ChoiceCellProps extends CellProps {
  options: readonly (Option & { inactive?: boolean })[];
}

/** Letters choose, Delete takes away; the list opens by mouse, or by Alt and an arrow. */
export function ChoiceCell(props: ChoiceCellProps) {
  const { sheet, id, entry, name, label, row, column, readOnly, options } = props;
  const typing = useRef(new CodeTyping());
  const value = sheet.value(id, name) ?? '';
  const labelShown = options.find((one) => one.value === value)?.label ?? '';
  const [box, inside] = useResizeObserver<HTMLSelectElement>();
  const room = inside.right - inside.left;
  const cut = room > 0 && textWidth(labelShown) > room;
  const set = (chosen: string) => sheet.type(id, name, chosen || null, 0);
  const onKeyDown = (event: KeyboardEvent) => {
    if (readOnly || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      set('');
    } else if (event.key.length === 1 && event.key !== ' ') {
      event.preventDefault();
      const offered = options.filter(({ inactive }) => !inactive);
      const found = typing.current.key(offered, event.key, Date.now());
      if (found) set(found.value);
    }
  };
  return (
    <div className={classes.cell} data-state={stateOfCell(entry, name)}>
      <NativeSelect
        ref={box}
        aria-label={label}
        title={labelShown || undefined}
        value={value}
        disabled={readOnly}
        onChange={(event) => set(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        {...cellAt(row, column)}
      >
        <option value="">–</option>
        {options
          .filter((one) => !one.inactive || one.value === value)
          .map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
      </NativeSelect>
      <SavingOfCell state={stateOfCell(entry, name)} />
      {cut && (
        <Text size="xs" c="slate.7" aria-hidden>
          {labelShown}
        </Text>
      )}
    </div>
  );
}

const widths = new Map<string, number>();

/** How wide a text is in the boxes of choices (`.cell select`), in pixels. */
function textWidth(text: string): number {
  let width = widths.get(text);
  if (width === undefined) {
    const pen = document.createElement('canvas').getContext('2d');
    if (!pen) return 0;
    pen.font = `15px ${getComputedStyle(document.body).fontFamily}`;
    width = pen.measureText(text).width;
    widths.set(text, width);
  }
  return width;
}

interface CommentCellProps extends CellProps {
  /** How many characters can be kept. */
  limit: number;
  /** Opens the statement bank; what is chosen there is given back. */
  onStatements: (insert: (statement: string) => void) => void;
}

export function CommentCell(props: CommentCellProps) {
  const { sheet, id, entry, name, label, row, column, readOnly, limit, onStatements } = props;
  const kept = sheet.value(id, name) ?? '';
  const box = useRef<HTMLTextAreaElement>(null);
  // As it was typed, with the spaces that the kept text does not have.
  const [text, setText] = useState(kept);
  useEffect(() => setText((typed) => (prose(typed) === kept ? typed : kept)), [kept]);
  const type = (typed: string, pause: number) => {
    setText(typed);
    sheet.type(id, name, prose(typed), pause);
  };
  const insert = (statement: string) => {
    const { text: whole, caret } = inserted(
      text,
      box.current?.selectionStart ?? text.length,
      statement,
    );
    type(whole, 0);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(caret, caret);
    });
  };
  return (
    <div className={classes.cell} data-state={stateOfCell(entry, name)} data-comment>
      <Textarea
        ref={box}
        aria-label={label}
        autosize
        minRows={1}
        maxRows={10}
        value={text}
        readOnly={readOnly}
        onChange={(event) => type(event.currentTarget.value, PAUSE_MS)}
        onBlur={() => {
          setText(kept);
          if (name in entry.typed && entry.state === 'waiting') void sheet.flush();
        }}
        rightSectionPointerEvents="all"
        rightSection={
          readOnly ? undefined : (
            <Tooltip label="Put a statement in" withinPortal={false}>
              <ActionIcon
                variant="subtle"
                size={28}
                aria-label={`Put a statement into: ${label}`}
                onClick={() => onStatements(insert)}
              >
                <MessageSquareQuote size={17} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )
        }
        {...cellAt(row, column)}
      />
      <SavingOfCell state={stateOfCell(entry, name)} />
      {!readOnly && <Counter length={text.length} limit={limit} />}
    </div>
  );
}

function Counter({ length, limit }: { length: number; limit: number }) {
  const over = length > limit;
  return (
    <Text
      size="xs"
      c={over ? 'brick.8' : 'dimmed'}
      className={classes.counter}
      data-over={over || undefined}
    >
      {formatNumber(length)} of {formatNumber(limit)}
    </Text>
  );
}
