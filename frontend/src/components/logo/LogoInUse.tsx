/** The logo as it is, on white as on paper, and where it comes from. */
import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type Logo, logoPicture } from '~/api/logo';
import { formatMoment, formatNumber } from '~/school/words';
import classes from './LogoInUse.module.css';

/** Below this a logo of the usual size on paper shows its pixels. */
const SHARP_PIXELS = 300;

export function LogoInUse({ logo }: { logo: Logo }) {
  const [away, setAway] = useState(false);
  const { width, height } = logo;
  return (
    <Stack gap="xs" align="flex-start">
      {away ? (
        <Text role="alert">The logo can’t be shown just now. Please try again in a minute.</Text>
      ) : (
        <img
          className={classes.picture}
          src={logoPicture(logo)}
          alt="The school’s logo"
          width={width}
          height={height}
          onError={() => setAway(true)}
        />
      )}
      <Text size="sm" c="dimmed">
        {formatNumber(width)} × {formatNumber(height)} pixels. Uploaded:{' '}
        {formatMoment(logo.uploaded_at)}, by {logo.uploaded_by}.
      </Text>
      {Math.max(width, height) < SHARP_PIXELS && (
        <Text size="sm">
          It is small, and may look blurred in print. A larger one would look better.
        </Text>
      )}
    </Stack>
  );
}
