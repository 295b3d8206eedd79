/** Where one is in an import. It shows, and is not to be pressed: each step has its own buttons. */
import { Box, Stepper, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useRef } from 'react';

interface StepsProps {
  labels: readonly string[];
  /** Counted from 0; the last one is done as soon as it is reached. */
  active: number;
}

export function Steps({ labels, active }: StepsProps) {
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  useBeginning(active);
  const said = `Step ${active + 1} of ${labels.length}: ${labels[active]}`;
  if (narrow) {
    return (
      <Box mb="lg" fw={600} role="status">
        {said}
      </Box>
    );
  }
  const last = labels.length - 1;
  return (
    <>
      <Stepper
        active={active === last ? labels.length : active}
        size="sm"
        mb="xl"
        aria-hidden
        inert
      >
        {labels.map((label) => (
          <Stepper.Step key={label} label={label} />
        ))}
      </Stepper>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </>
  );
}

/** Each step begins at the top of the page, for the eye and for a screen reader. */
function useBeginning(step: number): void {
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    window.scrollTo({ top: 0 });
    document.querySelector('h1')?.focus({ preventScroll: true });
  }, [step]);
}
