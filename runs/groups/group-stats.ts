// runs/groups/group-stats.ts
// Purpose: mean, standard deviation, least and largest, under the name that groups know them by.
// Why: the arithmetic is in shared/stats/, where the tests of a difference use it, too.
// Relevant files: shared/stats/moments.ts, runs/groups/groups.ts, tests/runs/group-stats.test.ts

export { statsOf, type Stats } from '../../shared/stats/moments.ts';
