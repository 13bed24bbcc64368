// bench/peers.ts
// Purpose: starts MLflow's and FastTrackML's servers from a virtual environment, with their defaults and SQLite.
// Why: the peers are measured here and now, on this machine, not quoted.
// Relevant files: bench/servers.ts, bench/contenders.ts, bench/README.md

import path from 'node:path';
import { freePort, freshFolder, launch, withFolder, type Server } from './servers.ts';

/** Not its default: the write-ahead log is synced with each commit, before the answer. */
const SYNCED = '?_synchronous=FULL';

/** `more`: further flags of the server. */
export async function startPeer(
  who: 'mlflow' | 'fasttrackml' | 'synced',
  environment: string,
  more: string[] = [],
): Promise<Server> {
  const port = await freePort();
  const folder = freshFolder();
  const bin = path.resolve(environment, 'bin');
  const database = `sqlite:///${path.join(folder, 'peer.db')}`;
  const artifacts = path.join(folder, 'artifacts');
  // Not the script `mlflow`, which names the folder that its environment was made in.
  const mlflow = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port)];
  const fml = ['server', '--listen-address', `127.0.0.1:${port}`, '--log-level', 'error'];
  const server = await launch({
    command: path.join(bin, who === 'mlflow' ? 'python' : 'fml'),
    args:
      who === 'mlflow'
        ? [...mlflow, '--backend-store-uri', database, '--artifacts-destination', artifacts, ...more]
        : [
            ...fml,
            '--database-uri',
            `sqlite://${path.join(folder, 'peer.db')}${who === 'synced' ? SYNCED : ''}`,
            '--default-artifact-root',
            artifacts,
            ...more,
          ],
    env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, MLFLOW_DISABLE_TELEMETRY: 'true' },
    cwd: folder,
    port,
    health: '/health',
  });
  return withFolder(server, folder);
}
