/** A pupil's details that were set by hand, left to the MIS again one by one (R13). */
import { handBackField, type PupilDetail, type PupilField } from '~/api/pupils';
import { HandBackDialog } from '~/components/HandBackDialog';
import { inWords } from './pupil-form';

interface HandBackFieldsProps {
  pupil: PupilDetail;
  fields: readonly PupilField[];
}

export function HandBackFields({ pupil, fields }: HandBackFieldsProps) {
  const values = pupil as unknown as Record<string, unknown>;
  const byHand = fields.filter(({ name }) => pupil.overrides.includes(name));
  return (
    <HandBackDialog
      details={byHand.map((field) => ({
        name: field.name,
        label: field.label,
        spoken: field.label,
        value: inWords(field, values[field.name]),
      }))}
      handBack={(name) => handBackField(pupil, name)}
      touched={['roster', 'activity']}
    />
  );
}
