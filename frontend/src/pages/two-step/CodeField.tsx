/** Where a code is typed: the one that an authenticator shows, or a recovery code in its place. */
import { Anchor, Stack, TextInput } from '@mantine/core';

interface CodeFieldProps {
  recovery: boolean;
  /** Undefined where no recovery code helps. */
  onRecovery?: (recovery: boolean) => void;
  value: string;
  onChange: (value: string) => void;
  error?: string | null;
  autoFocus?: boolean;
}

export function CodeField(props: CodeFieldProps) {
  const { recovery, onRecovery, value, onChange, error, autoFocus } = props;
  return (
    <Stack gap={6} align="flex-start">
      <TextInput
        key={String(recovery)}
        w="100%"
        label={recovery ? 'Recovery code' : 'Code'}
        description={
          recovery
            ? 'One of the codes that you kept when two-step sign-in was set up, such as 7kmq-x2pd-9fhw. It works once.'
            : 'The six digits that your authenticator app shows now.'
        }
        autoComplete={recovery ? 'off' : 'one-time-code'}
        inputMode={recovery ? 'text' : 'numeric'}
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={autoFocus}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
      {onRecovery && (
        <Anchor component="button" type="button" size="sm" onClick={() => onRecovery(!recovery)}>
          {recovery ? 'Use a code of the app instead' : 'Use a recovery code instead'}
        </Anchor>
      )}
    </Stack>
  );
}
