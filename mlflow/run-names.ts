// mlflow/run-names.ts
// Purpose: a name for a run that was given none, as MLflow makes them: `calm-gnat-813`, at most 20 characters.
// Why: people know their runs by such names, and scripts print them.
// Relevant files: mlflow/run-routes.ts

import { randomInt } from 'node:crypto';

const WORDS = {
  first:
    'able bold brave bright calm clean clever crisp deft eager fair fleet fond fresh gentle glad grand happy hardy honest keen kind lively loyal lucky merry mild neat nimble noble polite proud quick quiet rare rapid sharp shy silent smart smooth sunny swift tidy warm wise witty young',
  second:
    'ant ape auk bat bear bee boar bug calf carp cat cod colt cow crab crane crow cub deer dog dove duck eel elk ewe fawn finch fish fly foal fowl fox frog gnat goat goose grouse gull hare hawk hen hog horse hound jay kite koi lamb lark lynx mare mink mole moose moth mouse mule newt owl ox perch pug quail ram rat ray robin roo rook seal shad shark sheep shrew shrike skink slug snail snake sow squid steed stoat stork swan swift toad trout vole wasp whale wolf worm wren yak',
} as const;

const [FIRST, SECOND] = [WORDS.first.split(' '), WORDS.second.split(' ')];

const NUMBER_MAX = 1000;
const NAME_MAX = 20;

export function randomName(): string {
  return `${oneOf(FIRST)}-${oneOf(SECOND)}-${randomInt(NUMBER_MAX + 1)}`.slice(0, NAME_MAX);
}

function oneOf(words: string[]): string {
  return words[randomInt(words.length)] ?? '';
}
