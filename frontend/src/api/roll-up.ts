/** The roll-up: what the next one will do, what the last one did, and which class follows which. */
import { queryOptions } from '@tanstack/react-query';
import {
  nameSuccessions,
  type Place,
  type RollUpPlan,
  readRollUp,
  runRollUpAgain,
  undoRollUp,
} from '~/client';

export type { GroupOfRollUp, LastRollUp, Place, PupilOfRollUp, RollUpPlan } from '~/client';

export const rollUpQuery = queryOptions({
  queryKey: ['roster', 'roll-up'],
  queryFn: async ({ signal }) => (await readRollUp({ signal, throwOnError: true })).data,
});

/** `version` is the one that was looked at; places that are not sent stay. */
export async function saveSuccessions(version: number, places: Place[]): Promise<RollUpPlan> {
  const body = { expected_version: version, places };
  return (await nameSuccessions({ body, throwOnError: true })).data;
}

export async function undo(rollUpId: string): Promise<RollUpPlan> {
  return (await undoRollUp({ path: { roll_up_id: rollUpId }, throwOnError: true })).data;
}

export async function runAgain(): Promise<RollUpPlan> {
  return (await runRollUpAgain({ throwOnError: true })).data;
}
