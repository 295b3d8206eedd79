/** School settings › Signing in: first passwords (R2), and who must have two-step sign-in. */
import { Badge, Button, Divider, Group, Radio, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { type SignInSettings, saveSignIn } from '~/api/settings';
import { defaultPasswordQuery } from '~/api/users';
import { ProblemAlert } from '~/components/messages';
import { DefaultPassword } from '~/pages/users/DefaultPassword';
import { formatMoment } from '~/school/words';
import { SectionForm } from './SectionForm';
import type { SectionProps } from './sections';
import { useSection } from './useSection';

type FirstPasswords = SignInSettings['first_passwords'];
type TwoStep = SignInSettings['two_step'];

interface SignInValues {
  first_passwords: FirstPasswords;
  two_step: TwoStep;
}

interface Choice<Value extends string> {
  value: Value;
  label: string;
  help: string;
}

const LABELS = {
  first_passwords: 'What new users sign in with first',
  two_step: 'Two-step sign-in',
};

const FIRST_PASSWORDS: Choice<FirstPasswords>[] = [
  {
    value: 'default',
    label: 'The school’s default password',
    help: 'One password for everybody who is new, for 14 days. It opens nothing but the form for a password of their own.',
  },
  {
    value: 'starting_codes',
    label: 'Starting codes',
    help: 'Everybody who is new gets a code of their own, which you hand to them on a slip of paper. Nobody can use the code of a colleague. The default password then opens nothing. Slips are printed in User Management, under Claimed and unclaimed accounts.',
  },
];

const TWO_STEP: Choice<TwoStep>[] = [
  {
    value: 'optional',
    label: 'Everybody decides for themselves',
    help: 'Anybody can set it up in My account.',
  },
  {
    value: 'admin_and_slt',
    label: 'The admin account and SLT must have it',
    help: 'After their password they give a code from an app on their phone. Who has none yet is asked to set it up at their next sign-in; nobody is signed out now.',
  },
];

const CHOICES: Choice<string>[] = [...FIRST_PASSWORDS, ...TWO_STEP];

const valuesOf = ({ first_passwords, two_step }: SignInSettings): SignInValues => ({
  first_passwords,
  two_step,
});

export function SigningIn({ settings, onUnsaved }: SectionProps) {
  // The page shows a section only where it came.
  const saved = settings.sign_in as SignInSettings;
  const state = useSection({
    part: 'sign_in',
    saved,
    valuesOf,
    send: (values, version) => saveSignIn({ ...values, expected_version: version }),
    onUnsaved,
  });
  const { form } = state;
  return (
    <Stack>
      <SectionForm
        state={state}
        submit="Save how people sign in"
        labels={LABELS}
        inWords={(_, value) => CHOICES.find((choice) => choice.value === value)?.label ?? ''}
      >
        <Choices
          label={LABELS.first_passwords}
          help="Heads and deputies get a link by e-mail instead, and parents are always invited by one."
          choices={FIRST_PASSWORDS}
          byDefault={saved.defaults.first_passwords}
          {...form.getInputProps('first_passwords')}
        />
        <Choices
          label={LABELS.two_step}
          help="With it, a password alone signs nobody in."
          choices={TWO_STEP}
          byDefault={saved.defaults.two_step}
          {...form.getInputProps('two_step')}
        />
      </SectionForm>
      {saved.first_passwords === 'default' && (
        <>
          <Divider />
          <TheDefaultPassword />
        </>
      )}
    </Stack>
  );
}

interface ChoicesProps<Value extends string> {
  label: string;
  help: ReactNode;
  choices: Choice<Value>[];
  byDefault: Value;
}

function Choices<Value extends string>(props: ChoicesProps<Value>) {
  const { label, help, choices, byDefault, ...input } = props;
  return (
    <Radio.Group label={label} description={help} {...input}>
      <Stack mt="sm">
        {choices.map((choice) => (
          <Radio
            key={choice.value}
            value={choice.value}
            label={
              <Group gap="xs" component="span">
                {choice.label}
                {choice.value === byDefault && (
                  <Badge size="sm" color="slate" component="span">
                    Normal setting
                  </Badge>
                )}
              </Group>
            }
            description={choice.help}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function TheDefaultPassword() {
  const { data, error, refetch } = useQuery(defaultPasswordQuery);
  const [opened, dialog] = useDisclosure(false);
  return (
    <Stack align="flex-start" gap="xs">
      <Title order={3}>The school’s default password</Title>
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      <Text>
        {data?.made_at && `Made: ${formatMoment(data.made_at)}. `}
        For safety it is kept in a form that cannot be shown. If nobody remembers it, make a new
        one; it takes the place of the old one at once for all who still wait.
      </Text>
      <Button
        variant="default"
        leftSection={<KeyRound size={17} aria-hidden />}
        onClick={dialog.open}
      >
        Make a new default password
      </Button>
      <DefaultPassword opened={opened} onClose={dialog.close} />
    </Stack>
  );
}
