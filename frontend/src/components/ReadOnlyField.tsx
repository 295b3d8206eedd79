/** What is known and cannot be changed here: labelled and read like a field, without its edge. */
import { TextInput, type TextInputProps } from '@mantine/core';
import classes from './ReadOnlyField.module.css';

export function ReadOnlyField(props: Omit<TextInputProps, 'readOnly' | 'variant'>) {
  return <TextInput variant="unstyled" readOnly classNames={{ input: classes.input }} {...props} />;
}
