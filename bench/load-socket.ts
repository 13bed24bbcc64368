// bench/load-socket.ts
// Purpose: one keep-alive connection: sends the bytes of a request, gives back the body of the answer.
// Why: a few dozen lines instead of an HTTP client, because the client shares the machine with what it measures.
// Relevant files: bench/load-process.ts

import net from 'node:net';

export interface LoadSocket {
  /** One request at a time. Rejects when the status is not 2xx, or when the answer's length is not said. */
  ask: (request: Buffer) => Promise<Buffer>;
  close: () => void;
}

const HEAD_END = '\r\n\r\n';

export async function openSocket(host: string, port: number): Promise<LoadSocket> {
  const socket = net.connect({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let waiting: { resolve: (body: Buffer) => void; reject: (error: Error) => void } | undefined;
  let chunks: Buffer[] = [];
  let received = 0;
  let wanted = 0;
  const fail = (error: Error): void => waiting?.reject(error);
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    received += chunk.length;
    if (wanted === 0) wanted = lengthOf(Buffer.concat(chunks));
    if (wanted === 0 || received < wanted) return;
    const answer = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    [chunks, received, wanted] = [[], 0, 0];
    const body = answer.subarray(answer.indexOf(HEAD_END) + HEAD_END.length);
    const status = answer.toString('latin1', 9, 12);
    if (status.startsWith('2')) waiting?.resolve(body);
    else fail(new Error(`answered ${status}: ${body.toString().slice(0, 300)}`));
  });
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => {
      waiting = undefined;
      socket.destroy();
    },
  };
}

/** Bytes of the whole answer; 0 while its head is not there. */
function lengthOf(start: Buffer): number {
  const end = start.indexOf(HEAD_END);
  if (end < 0) return 0;
  const head = start.toString('latin1', 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without a content-length: ${head.slice(0, 300)}`);
  return end + HEAD_END.length + Number(length);
}
