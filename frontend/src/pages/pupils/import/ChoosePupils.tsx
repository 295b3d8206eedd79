/** The first step: the list, what it has to look like, and what was imported lately. */
import { Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { keepPupilImport, movingQuery, templateFile, uploadPupilFile } from '~/api/pupil-imports';
import { ChooseFile, FileHelp } from '~/components/import/ChooseFile';
import { ImportProgress } from '~/components/import/ImportProgress';
import { Imports } from './Imports';

const POINTS = [
  'The first row has headings, such as UPN, Surname, Forename, Date of birth, Year group and Class. Headings from SIMS, Arbor, Bromcom and the DfE’s templates are recognised, and you can say yourself which column is which.',
  'A new pupil needs a surname, a forename and a UPN, or at least a date of birth. Pupils who are here already are known by their UPN, and are updated. An empty cell changes nothing.',
  'You choose next whether the file only adds and updates pupils (a partial import), or is the whole school (a full import).',
  'You see what would happen, row by row, before anything does; and the last import can be undone for 7 days.',
];
const TEMPLATES = [
  { href: templateFile('xlsx'), label: 'Download a template for Excel' },
  { href: templateFile('csv'), label: 'Download it as CSV' },
];

export function ChoosePupils() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [sent, setSent] = useState<string>();
  const reading = useQuery(movingQuery(sent));
  return (
    <Stack gap="lg">
      <ChooseFile
        limits="up to 20 MB and 50,000 rows"
        upload={async (file) => {
          // It is the page's to make, so that the page can ask how far the reading is.
          const importId = newId();
          setSent(importId);
          try {
            return await uploadPupilFile(file, importId);
          } finally {
            setSent(undefined);
          }
        }}
        onUploaded={(made) => {
          keepPupilImport(queryClient, made);
          return navigate({ to: '/pupils/import', search: { file: made.id } });
        }}
        progress={
          reading.data?.progress && (
            <ImportProgress
              what="The file is being read"
              thing="row"
              progress={reading.data.progress}
            />
          )
        }
      >
        <FileHelp points={POINTS} templates={TEMPLATES} />
      </ChooseFile>
      <Imports />
    </Stack>
  );
}

/** Browsers make ids only on pages that came safely; without one there is no progress to see. */
function newId(): string | undefined {
  return globalThis.isSecureContext ? globalThis.crypto.randomUUID() : undefined;
}
