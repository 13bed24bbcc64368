// bench/api.ts
// Purpose: the few calls of our API that prepare a measurement.
// Why: preparing goes through the front door too, so that no section knows how data is stored.
// Relevant files: bench/ingest.ts, runs/api.ts

export async function ask<T>(url: string, method = 'GET', body?: unknown): Promise<T> {
  const json =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(url, { method, ...json });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}

/** A new run's id. */
export async function createRun(url: string, more: object = {}): Promise<string> {
  return (await ask<{ id: string }>(`${url}/api/runs`, 'POST', { experiment: 'bench', ...more })).id;
}
