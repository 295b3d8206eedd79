/** Attainment and progress: what can be asked for, figures, and pupils one by one (R26). */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  type ReadAttainmentData,
  type ReadProgressData,
  type ReadPupilsProgressData,
  readAttainment,
  readAttainmentChoices,
  readProgress,
  readPupilsProgress,
} from '~/client';
import { fileOf } from './file';

export type {
  Attained,
  AttainmentBand,
  AttainmentChoices,
  AttainmentFigures,
  AttainmentTerm,
  Moved,
  ProgressFigures,
  PupilsProgress,
  Share,
} from '~/client';

export type AttainmentAsked = ReadAttainmentData['query'];
export type ProgressAsked = ReadProgressData['query'];
export type PupilsAsked = ReadPupilsProgressData['query'];

export const attainmentChoicesQuery = queryOptions({
  queryKey: ['attainment', 'choices'],
  queryFn: async ({ signal }) => (await readAttainmentChoices({ signal, throwOnError: true })).data,
});

export const attainmentQuery = (query: AttainmentAsked) =>
  queryOptions({
    queryKey: ['attainment', 'term', query],
    queryFn: async ({ signal }) =>
      (await readAttainment({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

export const progressQuery = (query: ProgressAsked) =>
  queryOptions({
    queryKey: ['attainment', 'progress', query],
    queryFn: async ({ signal }) => (await readProgress({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

export const pupilsProgressQuery = (query: PupilsAsked) =>
  queryOptions({
    queryKey: ['attainment', 'pupils', query],
    queryFn: async ({ signal }) =>
      (await readPupilsProgress({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

export const attainmentFile = (query: AttainmentAsked) =>
  fileOf('/api/attainment/export', { ...query });
export const progressFile = (query: ProgressAsked) =>
  fileOf('/api/attainment/progress/export', { ...query });
export const pupilsProgressFile = (query: PupilsAsked) =>
  fileOf('/api/attainment/pupils/export', { ...query });
