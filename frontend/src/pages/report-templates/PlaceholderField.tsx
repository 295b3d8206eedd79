/**
 * A text with placeholders: after a `{` those that fit are offered, chosen by arrows and Enter or by
 * mouse. One that is not known is told under the field, with the one that was probably meant.
 */
import {
  Anchor,
  Combobox,
  Text,
  Textarea,
  TextInput,
  useCombobox,
  VisuallyHidden,
} from '@mantine/core';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { TemplatePlaceholder } from '~/api/templates';
import { counted } from '~/school/words';
import classes from './PlaceholderField.module.css';
import { type Begun, begunAt, offeredFor, putIn } from './placeholder-typing';

interface PlaceholderFieldProps {
  label: string;
  /** Where the label stands already, for eyes, in the words around it. */
  labelHidden?: boolean;
  description?: ReactNode;
  value: string;
  error?: ReactNode;
  placeholders: readonly TemplatePlaceholder[];
  maxLength: number;
  /** More than one line. */
  lines?: boolean;
  required?: boolean;
  /** Where the form finds the field. */
  path: string;
  onChange: (text: string) => void;
}

type Field = HTMLInputElement & HTMLTextAreaElement;

export function PlaceholderField(props: PlaceholderFieldProps) {
  const { label, labelHidden, description, value, error, placeholders, path, onChange } = props;
  const field = useRef<Field>(null);
  const [begun, setBegun] = useState<Begun | null>(null);
  const caret = useRef<number | null>(null);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const offered = begun ? offeredFor(begun.typed, placeholders) : [];
  const open = offered.length > 0;

  // After a placeholder was put in, the caret stands behind it and not at the end.
  useLayoutEffect(() => {
    if (caret.current === null) return;
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const look = (text: string, at: number | null) => {
    const now = at === null ? null : begunAt(text, at);
    setBegun(now);
    if (now && offeredFor(now.typed, placeholders).length > 0) {
      combobox.openDropdown();
      combobox.selectFirstOption();
    } else {
      combobox.closeDropdown();
    }
  };
  const close = () => {
    setBegun(null);
    combobox.closeDropdown();
  };
  const choose = (name: string) => {
    if (!begun) return;
    const put = putIn(value, begun, name);
    caret.current = put.caret;
    onChange(put.text);
    close();
    field.current?.focus();
  };
  const shared = {
    ref: field as never,
    label: labelHidden ? undefined : label,
    'aria-label': labelHidden ? label : undefined,
    description,
    value,
    error,
    maxLength: props.maxLength,
    required: props.required,
    withAsterisk: false,
    'data-path': path,
    onChange: (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
      onChange(event.currentTarget.value);
      look(event.currentTarget.value, event.currentTarget.selectionStart);
    },
    onKeyDown: (event: { key: string }) => {
      if (['ArrowLeft', 'ArrowRight', 'Home', 'End', 'Tab'].includes(event.key)) close();
      if (event.key === 'Escape') setBegun(null);
    },
    onBlur: close,
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose} withinPortal={false} shadow="md">
      <Combobox.Target withKeyboardNavigation={open} withAriaAttributes={open}>
        {props.lines ? (
          <Textarea autosize minRows={3} maxRows={14} {...shared} />
        ) : (
          <TextInput {...shared} />
        )}
      </Combobox.Target>
      <VisuallyHidden role="status">
        {open && `${counted(offered.length, 'placeholder')}: choose with the arrow keys and Enter`}
      </VisuallyHidden>
      <Combobox.Dropdown hidden={!open}>
        <Combobox.Options aria-label="Placeholders" className={classes.options}>
          {offered.map(({ name, meaning, example }) => (
            <Combobox.Option key={name} value={name}>
              <Text component="span" size="sm" fw={600}>
                {meaning}
              </Text>
              <Text component="span" size="sm" display="block" className={classes.example}>
                {`{${name}}`}, such as {example}
              </Text>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

interface UnknownPlaceholderProps {
  detail: string;
  nearest: string | null;
  onUse: () => void;
}

/** What is wrong, and one press that mends it. */
export function UnknownPlaceholder({ detail, nearest, onUse }: UnknownPlaceholderProps) {
  if (!nearest) return detail;
  return (
    <>
      {detail}{' '}
      <Anchor component="button" type="button" size="sm" fw={600} onClick={onUse}>
        {`Put in {${nearest}}`}
      </Anchor>
    </>
  );
}
