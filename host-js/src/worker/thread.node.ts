// A worker thread in Node, for one of its two roles.

import { Worker } from 'node:worker_threads';
import { LikewiseError } from '../errors.js';

/** A thread that runs the worker's script. */
export async function startWorker(role: 'engine' | 'fetch'): Promise<Worker> {
  const { source } = await import('../generated/worker-source.node.js');
  try {
    return new Worker(source, { eval: true, execArgv: [], name: 'likewise', workerData: { role } });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const hint = code === 'ERR_ACCESS_DENIED' ? "; Node's permission model allows threads with --allow-worker" : '';
    throw new LikewiseError('unsupported', `the thread that this needs cannot be started: ${message}${hint}`, { cause: error });
  }
}
