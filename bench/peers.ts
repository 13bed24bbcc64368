// bench/peers.ts
// Purpose: starts MLflow's and FastTrackML's servers from a virtual environment, with their defaults and SQLite.
// Why: the peers are measured here and now, on this machine, not quoted.
// Relevant files: bench/servers.ts, bench/contenders.ts, bench/README.md

import path from 'node:path';
import { freePort, freshFolder, launch, withFolder, type Server } from './servers.ts';

export async function startPeer(who: 'mlflow' | 'fasttrackml', environment: string): Promise<Server> {
  const port = await freePort();
  const folder = freshFolder();
  const bin = path.resolve(environment, 'bin');
  const database = `sqlite:///${path.join(folder, 'peer.db')}`;
  const artifacts = path.join(folder, 'artifacts');
  const mlflow = ['server', '--host', '127.0.0.1', '--port', String(port), '--backend-store-uri', database];
  const fml = ['server', '--listen-address', `127.0.0.1:${port}`, '--log-level', 'error'];
  const server = await launch({
    command: path.join(bin, who === 'mlflow' ? 'mlflow' : 'fml'),
    args:
      who === 'mlflow'
        ? [...mlflow, '--artifacts-destination', artifacts]
        : [...fml, '--database-uri', `sqlite://${path.join(folder, 'peer.db')}`, '--default-artifact-root', artifacts],
    env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, MLFLOW_DISABLE_TELEMETRY: 'true' },
    cwd: folder,
    port,
    health: '/health',
  });
  return withFolder(server, folder);
}
