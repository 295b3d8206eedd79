/** Data Management › MIS Mapping: what is to be decided, what is mapped, what is ignored (R18–R20). */
import { Alert, Badge, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { LoaderCircle } from 'lucide-react';
import { differencesQuery } from '~/api/mapping';
import type { Run } from '~/api/mis';
import { Loading, ProblemAlert, Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { progressInWords } from '~/pages/synchronisation/run-counts';
import { useLiveMis } from '~/pages/synchronisation/useLiveMis';
import { IgnoredDifferences } from './IgnoredDifferences';
import { MappedRecords } from './MappedRecords';
import type { MappingSearch } from './mapping-search';
import { ToMap } from './ToMap';

const NONE: never[] = [];
const route = getRouteApi('/signed-in/admin/data-management/mis-mapping');

export function MappingPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { page, run, running } = useLiveMis();
  const open = useQuery(differencesQuery('open'));
  const ignored = useQuery(differencesQuery('ignored'));
  const change = (changed: MappingSearch) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  return (
    <>
      <PageHeader
        title="MIS Mapping"
        area="Data Management"
        description="Which record of your MIS is which one here. Where the two differ in a way that only you can decide, say whether it is one that we have already, a new one, or one to leave out."
      />
      <Unavailable services={page.data?.unavailable ?? NONE} />
      {running && run && <Applying run={run} />}
      <Tabs
        value={search.tab ?? 'open'}
        keepMounted={false}
        onChange={(tab) =>
          navigate({ search: { tab: tab === 'mapped' || tab === 'ignored' ? tab : undefined } })
        }
      >
        <Tabs.List mb="lg">
          <Tabs.Tab value="open" rightSection={<Count of={open.data?.length} />}>
            To map
          </Tabs.Tab>
          <Tabs.Tab value="mapped">Mapped</Tabs.Tab>
          <Tabs.Tab value="ignored" rightSection={<Count of={ignored.data?.length} />}>
            Ignored
          </Tabs.Tab>
        </Tabs.List>
        {/* Choices that are not saved yet stay while one looks elsewhere. */}
        <Tabs.Panel value="open" keepMounted>
          {open.error && <ProblemAlert problem={open.error} onRetry={() => open.refetch()} />}
          {open.isPending && <Loading />}
          {open.isSuccess && (
            <ToMap
              differences={open.data}
              search={search.tab ? NO_SEARCH : search}
              onSearch={change}
            />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="mapped">
          <MappedRecords search={search} onSearch={change} />
        </Tabs.Panel>
        <Tabs.Panel value="ignored">
          <IgnoredDifferences />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

const NO_SEARCH: MappingSearch = {};

function Count({ of }: { of: number | undefined }) {
  if (!of) return null;
  return (
    <Badge size="md" color="slate">
      {of}
    </Badge>
  );
}

function Applying({ run }: { run: Run }) {
  return (
    <Alert mb="lg" icon={<LoaderCircle aria-hidden />} role="status" title="A sync is running">
      What is settled is being brought in now. {progressInWords(run) ?? 'Comparing'}…
    </Alert>
  );
}
