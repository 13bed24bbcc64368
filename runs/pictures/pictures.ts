// runs/pictures/pictures.ts
// Purpose: the picture that a URL asks for: what it leaves open is chosen, the columns are read, the picture is made.
// Why: one function behind page, SVG, CSV, Markdown and JSON.
// Relevant files: runs/pictures/column-queries.ts, runs/pictures/scatter.ts, runs/pictures/picture-routes.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import type { Db } from '../../shared/db/store.ts';
import type { RunFilter } from '../run-filter.ts';
import { boxes } from './boxes.ts';
import { readColumns, type Column } from './column-queries.ts';
import { choicesOf, fieldOf, type Choices } from './fields.ts';
import { histogram } from './histogram.ts';
import { importance, PARAMS_MAX } from './importance.ts';
import { parallel } from './parallel.ts';
import type { Picture } from './picture.ts';
import { Kind, type PictureQuery } from './picture-schemas.ts';
import { scatter } from './scatter.ts';

/** What was asked for, or chosen for it. */
export interface Asked {
  kind: Kind;
  x: string;
  y: string;
  color: string | null;
  axes: string[];
}

export interface PictureOf {
  picture: Picture;
  asked: Asked;
  choices: Choices;
  /** Runs that the filter finds. */
  runs: number;
  axes: Column[];
}

/** Values of a param that still make rows of boxes. */
const GROUPS_MAX = 12;
const AXES = 6;

export async function readPicture(db: Db, experiment: ExperimentRow, filter: Omit<RunFilter, 'order'>, query: PictureQuery): Promise<PictureOf> {
  const choices = await choicesOf(db, experiment);
  const asked = askedOf(query, choices);
  const wanted = wantedOf(asked, choices);
  const data = await readColumns(db, experiment, filter, wanted.map(fieldOf), choices);
  const column = (text: string): Column => data.column(fieldOf(text));
  const color = asked.color === null ? null : column(asked.color);
  const axes = asked.kind === Kind.Parallel ? asked.axes.map(column) : [];
  const make = async (): Promise<Picture> => {
    switch (asked.kind) {
      case Kind.Scatter:
        return scatter({ runs: data.runs, x: column(asked.x), y: column(asked.y), color, scales: { x: query.xscale, y: query.yscale } });
      case Kind.Histogram:
        return histogram(column(asked.x), query.xscale, query.bins);
      case Kind.Boxes:
        return boxes(data.runs, column(asked.x), column(asked.y), query.yscale);
      case Kind.Parallel:
        return parallel(data.runs, axes, color);
      case Kind.Importance:
        return importance(data.runs, column(asked.y), wanted.slice(1).map(column), choices.varied.length - wanted.length + 1);
    }
  };
  return { picture: await make(), asked, choices, runs: data.runs.length, axes };
} // prettier-ignore

function wantedOf({ kind, x, y, color, axes }: Asked, choices: Choices): string[] {
  const colored = color === null ? [] : [color];
  if (kind === Kind.Histogram) return [x];
  if (kind === Kind.Parallel) return [...axes, ...colored];
  if (kind === Kind.Boxes) return [x, y];
  // Params with few values first: one that is different in each run says nothing.
  if (kind === Kind.Importance) return [y, ...choices.varied.toReversed().slice(0, PARAMS_MAX).map(({ key }) => `params.${key}`)]; // prettier-ignore
  return [x, y, ...colored];
}

function askedOf(query: PictureQuery, { main, metrics, varied }: Choices): Asked {
  const { kind } = query;
  const metric = main ?? metrics[0];
  const value = metric === undefined ? 'duration' : `metrics.${metric}`;
  const most = varied[0] && `params.${varied[0].key}`;
  const few = varied.find(({ values }) => values <= GROUPS_MAX);
  const usual: Record<Kind, string> = {
    [Kind.Scatter]: most ?? 'started',
    [Kind.Histogram]: value,
    [Kind.Boxes]: few ? `params.${few.key}` : 'configuration',
    [Kind.Parallel]: most ?? 'started',
    [Kind.Importance]: most ?? 'started',
  };
  const y = query.y ?? value;
  const axes = query.axis && query.axis.length > 0 ? query.axis : [...varied.slice(0, AXES).map(({ key }) => `params.${key}`), y];
  const color = query.color ?? (kind === Kind.Parallel ? y : null);
  return { kind, x: query.x ?? usual[kind], y, color, axes };
} // prettier-ignore
