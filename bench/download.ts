// bench/download.ts
// Purpose: takes a long answer and counts it, at next to no cost.
// Why: the receiver shares the machine with the server, so it looks at no byte but the last ones.
// Relevant files: bench/big.ts

import http from 'node:http';

export interface Download {
  /** Bytes, when all has come; rejects when it broke off. */
  done: Promise<{ bytes: number; tail: string }>;
  stop: () => void;
}

export function download(url: string): Download {
  const request = http.get(url, { agent: false });
  const done = new Promise<{ bytes: number; tail: string }>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      let bytes = 0;
      let last: Buffer = Buffer.alloc(0);
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        last = chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        const tail = last.subarray(-500).toString();
        if (response.statusCode === 200 && response.complete) resolve({ bytes, tail });
        else reject(new Error(`${url} answered ${response.statusCode}: ${tail}`));
      });
    });
  });
  return { done, stop: () => request.destroy() };
}
