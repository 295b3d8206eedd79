/** The last step: what was done, what to do next, and undoing it. */
import { List } from '@mantine/core';
import { type PupilImport, pupilsToMend } from '~/api/pupil-imports';
import { ImportDone } from '~/components/import/ImportDone';
import { MendButton } from '~/components/import/Preview';
import { ButtonLink } from '~/components/links';
import { counted, formatMoment, formatNumber } from '~/school/words';
import { PupilRows } from './PupilRows';
import { Undo } from './Undo';
import { NONE } from './words';

export function Done({ made }: { made: PupilImport }) {
  const counts = made.counts ?? NONE;
  return (
    <ImportDone
      title={made.undone ? 'The import was undone' : undefined}
      says={made.undone ? undoneSentence(made) : doneSentence(made)}
      next={<Next made={made} />}
      actions={
        <>
          <ButtonLink to="/pupils">See the pupils</ButtonLink>
          {counts.rejected > 0 && !made.undone && <MendButton file={pupilsToMend(made.id)} />}
          <ButtonLink to="/pupils/import" search={{}} variant="default">
            Import another file
          </ButtonLink>
          {made.undo_until && <Undo made={made} until={made.undo_until} />}
        </>
      }
    >
      <PupilRows made={made} />
    </ImportDone>
  );
}

function doneSentence({ file_name, counts, confirmed_at }: PupilImport): string {
  const { added, updated, unchanged, made_inactive, rejected } = counts ?? NONE;
  const parts = [
    `${counted(added, 'pupil')} added`,
    `${formatNumber(updated)} updated`,
    `${formatNumber(unchanged)} unchanged`,
    ...(made_inactive > 0 ? [`${formatNumber(made_inactive)} made inactive`] : []),
    ...(rejected > 0 ? [`${counted(rejected, 'row')} left out`] : []),
  ];
  const when = confirmed_at ? `${formatMoment(confirmed_at)}, from ` : '';
  return `${when}${file_name}: ${parts.join(', ')}.`;
}

function undoneSentence({ file_name, undone }: PupilImport): string {
  if (!undone) return '';
  const { pupils_put_back: back, pupils_made_inactive: inactive, changed_since: left } = undone;
  const parts = [
    ...(back > 0 ? [`${counted(back, 'pupil')} put back as they were`] : []),
    ...(inactive > 0 ? [`${counted(inactive, 'added pupil')} made inactive`] : []),
    ...(left > 0 ? [`${counted(left, 'pupil')} changed since, and left as they are`] : []),
  ];
  return `${file_name}: ${parts.join(', ') || 'nobody had to be changed'}.`;
}

function Next({ made }: { made: PupilImport }) {
  const { added, rejected } = made.counts ?? NONE;
  if (made.undone) {
    return made.undone.changed_since > 0 ? (
      <List spacing="xs">
        <List.Item>
          Look at the pupils under ‘Left as it is’: each shows how the import left it, and how it is
          now.
        </List.Item>
      </List>
    ) : (
      <List spacing="xs">
        <List.Item>Nothing: all is as it was before.</List.Item>
      </List>
    );
  }
  return (
    <List spacing="xs">
      {rejected > 0 && (
        <List.Item>Mend the rows that were left out, and import that file as well.</List.Item>
      )}
      {made.new_classes.length > 0 && (
        <List.Item>
          New classes were made: {made.new_classes.join(', ')}. Link their teachers in Group
          Management.
        </List.Item>
      )}
      {added > 0 && <List.Item>Look at the new pupils, and at their classes.</List.Item>}
      {made.undo_until && (
        <List.Item>
          If this was a mistake, it can be undone until {formatMoment(made.undo_until)}.
        </List.Item>
      )}
      {!made.undo_until && (
        <List.Item>
          It cannot be undone any more: only the last import can, and for 7 days. Pupils can be
          corrected by hand, or by another file.
        </List.Item>
      )}
    </List>
  );
}
