/** One pupil: details, groups, parents, history, active or not; SLT look and change nothing (R6, R13). */
import { Badge, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { pupilFieldsQuery, pupilQuery } from '~/api/pupils';
import type { Session } from '~/api/session';
import { TextLink } from '~/components/links';
import { Loading, Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { ProblemPage } from '~/pages/errors/ProblemPage';
import { yearGroupName } from '~/school/words';
import { PupilActive } from './PupilActive';
import { PupilDetails } from './PupilDetails';
import { PupilFacts, PupilGroupNames } from './PupilFacts';
import { PupilGroups } from './PupilGroups';
import { PupilHistory } from './PupilHistory';
import { PupilParents } from './PupilParents';
import { YearGroupCheck } from './YearGroupCheck';

export function PupilPage({ pupilId, session }: { pupilId: string; session: Session }) {
  const page = useQuery(pupilQuery(pupilId));
  const fields = useQuery(pupilFieldsQuery);
  const failed = page.error ?? fields.error;
  if (failed && !(page.data && fields.data)) {
    const again = () => Promise.all([page.refetch(), fields.refetch()]);
    return <ProblemPage error={failed} reset={again} />;
  }
  if (!page.data || !fields.data) return <Loading />;
  const { pupil, removed, parents, unavailable } = page.data;
  const admin = session.account.kind === 'admin';
  const forename = pupil.preferred_forename ?? pupil.legal_forename;
  const surname = pupil.preferred_surname ?? pupil.legal_surname;
  const year = pupil.year_group ? yearGroupName(pupil.year_group) : 'Year group not known';
  return (
    <>
      <PageHeader
        title={`${forename} ${surname}`}
        area={<TextLink to="/pupils">{admin ? 'Pupil Management' : 'Pupils'}</TextLink>}
        description={[year, `UPN: ${pupil.upn ?? 'none'}`].join(', ')}
        actions={!pupil.active && <Badge color="slate">Inactive</Badge>}
      />
      <Unavailable services={unavailable} />
      <Stack gap="lg">
        <YearGroupCheck pupil={pupil} editable={admin} />
        {admin ? (
          <>
            <PupilDetails pupil={pupil} fields={fields.data} />
            <PupilGroups pupil={pupil} removed={removed} />
            {!unavailable.includes('identity') && <PupilParents parents={parents} />}
            <PupilHistory pupil={pupil} />
            <PupilActive pupil={pupil} />
          </>
        ) : (
          <>
            <PupilFacts pupil={pupil} fields={fields.data} />
            <PupilGroupNames pupil={pupil} />
          </>
        )}
      </Stack>
    </>
  );
}
