/** The first step: the list, and what it has to look like. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { keepImport, TEMPLATE, uploadFile } from '~/api/user-imports';
import { ChooseFile, FileHelp } from '~/components/import/ChooseFile';

const POINTS = [
  'The first row has headings, such as First name, Surname, E-mail address, Role and Staff code. Headings from your MIS are recognised, and you can say yourself which column is which.',
  'Roles are Teacher, SLT, Deputy head or Head. Where a new person has no role, they are a teacher. A head or deputy needs an e-mail address.',
  'People who are here already are known by their e-mail address, staff code or username, and are updated. An empty cell changes nothing.',
  'Usernames of new people are made here. Nobody is made inactive by an import.',
];

export function ChooseUsers() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return (
    <ChooseFile
      limits="up to 20 MB and 5,000 rows"
      upload={uploadFile}
      onUploaded={(made) => {
        keepImport(queryClient, made);
        return navigate({ to: '/users/import', search: { file: made.id } });
      }}
    >
      <FileHelp points={POINTS} templates={[{ href: TEMPLATE, label: 'Download a template' }]} />
    </ChooseFile>
  );
}
