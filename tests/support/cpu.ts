// tests/support/cpu.ts
// Purpose: the processor time that a piece of work takes in this process, in ms.
// Why: "in time that grows with the text, not with its square" must not depend on what else the machine does.
// Relevant files: tests/api/json-bodies.test.ts, tests/tags/tag-text.test.ts, tests/imports/read-mlflow-files.test.ts

export async function withCost<T>(work: () => T | Promise<T>): Promise<{ value: T; ms: number }> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: (user + system) / 1000 };
}
