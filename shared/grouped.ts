// shared/grouped.ts
// Purpose: rows by a key, in their order.
// Why: what belongs to many things is read by one query and handed out; looking for each thing's rows would take squares of time.
// Relevant files: models/logged-queries.ts, models/registry-queries.ts

export function grouped<T, K>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
