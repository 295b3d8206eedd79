/**
 * What to do if one cannot get in. Nobody who is not signed in can write to support: such a form would
 * be open to robots, and to people who say that they are somebody else (R28).
 */
import { List, Text } from '@mantine/core';
import type { Door } from '~/app/doors';

const HELP: Record<Door, readonly string[]> = {
  staff: [
    'Forgotten password: ask for a link above. It is sent to the e-mail address of your account.',
    'No e-mail, no slip, or the first password does not work: ask the person at your school who runs Classroom Monitor. They can reset your password or give you a new slip.',
    'You look after the admin account and its e-mail address is wrong: a head or deputy signs in as themselves and asks for another one, under ‘Admin account’.',
    'Still stuck? A colleague who can sign in can write to us for you, under ‘Contact us’. If nobody can, ask whoever set your school up.',
  ],
  parent: [
    'Forgotten password: ask for a link above.',
    'Anything else: ask the school office. It can see which address it has for you, and send you a new link. We cannot let parents in ourselves.',
  ],
};

export function SignInTrouble({ door }: { door: Door }) {
  return (
    <details>
      <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
        Trouble signing in?
      </Text>
      <List size="sm" mt="xs" spacing="xs">
        {HELP[door].map((advice) => (
          <List.Item key={advice}>{advice}</List.Item>
        ))}
      </List>
    </details>
  );
}
