// shared/search/view.ts
// Purpose: whether a search looks at what is in the trash.
// Why: the same three answers for runs, experiments and whatever else has a trash.
// Relevant files: runs/search/search-queries.ts, experiments/search-queries.ts

export const View = { Active: 'active', Trashed: 'trashed', All: 'all' } as const;
export type View = (typeof View)[keyof typeof View];
