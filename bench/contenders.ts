// bench/contenders.ts
// Purpose: who takes part in a section: ours, the limit, the peers, each started and with its wire.
// Why: a section asks for names and gets servers that are ended whatever happens.
// Relevant files: bench/servers.ts, bench/peers.ts, bench/wires.ts

import { startPeer } from './peers.ts';
import type { Contestant } from './rows.ts';
import { startLimit, startOurs, type Server } from './servers.ts';
import { limitWire, mlflowWire, ourWire, type Wire } from './wires.ts';

export interface Contender {
  who: Contestant;
  server: Server;
  wire: Wire;
}

export async function startContender(who: Contestant, peers = ''): Promise<Contender> {
  if (who === 'ours') {
    const server = await startOurs();
    return { who, server, wire: ourWire(server.url) };
  }
  if (who === 'limit') {
    const server = await startLimit();
    return { who, server, wire: limitWire(server.url) };
  }
  const server = await startPeer(who, peers);
  return { who, server, wire: mlflowWire(server.url) };
}

/** Peers only when there are any. */
export function present(whos: Contestant[], peers: string | undefined): Contestant[] {
  return whos.filter((who) => peers !== undefined || who === 'ours' || who === 'limit');
}

export async function withContenders<T>(
  whos: Contestant[],
  peers: string | undefined,
  work: (contenders: Contender[]) => Promise<T>,
): Promise<T> {
  const contenders: Contender[] = [];
  try {
    for (const who of present(whos, peers)) contenders.push(await startContender(who, peers));
    return await work(contenders);
  } finally {
    for (const { server } of contenders) await server.stop();
  }
}
