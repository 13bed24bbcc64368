// imports/tensorboard/points-of.ts
// Purpose: the second reading of a run's event files: its points, without those that a restart took back.
// Why: a long run's points must not sit in memory.
// Relevant files: imports/tensorboard/survey.ts, imports/tensorboard/restarts.ts, imports/records.ts

import { formatCount } from '../../shared/format.ts';
import { isKept } from '../mlflow-common.ts';
import { BATCH_POINTS, type SourcePoint } from '../records.ts';
import type { Note, Remarks } from '../remarks.ts';
import { Damage } from './damage.ts';
import { eventsOf, readable, type FoundEvent } from './events-of.ts';
import type { Survey } from './survey.ts';

const OVERTAKEN: Note = (count) =>
  `${formatCount(count)} ${count === 1 ? 'point' : 'points'} left out: ` +
  `the run was started again from an earlier step, and ${count === 1 ? 'its step was' : 'their steps were'} logged anew.`;

/** `survey` has read the files. */
export async function* pointsOf(runId: string, survey: Survey, remarks: Remarks): AsyncGenerator<SourcePoint[]> {
  let batch: SourcePoint[] = [];
  for (const [index, { file, size }] of survey.files.entries()) {
    // What is damaged was told by the survey.
    for await (const events of eventsOf(file, new Damage(), size)) {
      for (const found of events) {
        for (const point of pointsIn(found, survey)) {
          if (!isKept(point, runId, remarks)) continue;
          if (survey.restarts.isOvertaken(index, found.offset, point.key, point.step)) {
            remarks.note(OVERTAKEN);
            remarks.skippedPoints += 1;
            continue;
          }
          batch.push(point);
          if (batch.length < BATCH_POINTS) continue;
          yield batch;
          batch = [];
        }
      }
    }
  }
  if (batch.length > 0) yield batch;
}

function pointsIn({ event, offset }: FoundEvent, survey: Survey): SourcePoint[] {
  const timestamp = Math.round(event.wallTime * 1000);
  return event.values.flatMap((summary) => {
    const value = readable(() => survey.scalar(summary), offset, new Damage());
    return value === undefined ? [] : [{ key: summary.tag, value, step: event.step, timestamp }];
  });
}
