/** All choices of the page, before they are saved (R19). */
import { Alert, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import {
  consequencesOf,
  type Decision,
  type MappingResult,
  MOST_DECISIONS_AT_ONCE,
  saveDecisions,
} from '~/api/mapping';
import type { ProblemError } from '~/api/problem';
import { counted } from '~/school/words';
import type { ChosenRecord } from './choices';
import { SaveDialog } from './SaveDialog';

interface ReviewDialogProps {
  decisions: Decision[];
  twice: ChosenRecord[];
  onClose: () => void;
  onSaved: (result: MappingResult) => void;
  onConflict: (problem: ProblemError) => void;
}

export function ReviewDialog(props: ReviewDialogProps) {
  const { decisions: all, twice, onClose, onSaved, onConflict } = props;
  const decisions = all.slice(0, MOST_DECISIONS_AT_ONCE);
  return (
    <SaveDialog
      title="Save the mapping?"
      sent={decisions}
      preview={() => consequencesOf(decisions)}
      save={() => saveDecisions(decisions)}
      button="Save the mapping"
      hindered={twice.length > 0}
      onClose={onClose}
      onSaved={onSaved}
      onConflict={onConflict}
    >
      <Text>You have decided {counted(all.length, 'difference')}. Saving this:</Text>
      {decisions.length < all.length && (
        <Text>
          No more than {decisions.length} are saved at once: these are the first ones, and the
          others stay chosen for the next time.
        </Text>
      )}
      {twice.length > 0 && (
        <Alert color="amber" icon={<TriangleAlert aria-hidden />} title="Chosen more than once">
          {twice.map(({ label }) => label).join(', ')}. Go back and choose another for one of them.
        </Alert>
      )}
    </SaveDialog>
  );
}
