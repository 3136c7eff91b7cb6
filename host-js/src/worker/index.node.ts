// The engine off the main thread, in Node.

import { ownOptions } from '../arguments.js';
import { LikewiseError } from '../errors.js';
import { modules } from '../platform.node.js';
import { connect, type RemoteLikewise, type SpawnOptions, type StartThread } from './client.js';
import { startWorker } from './thread.node.js';

export { LikewiseError, type Code } from '../errors.js';
export type { RemoteDictionary, RemoteDictionaryFactory, RemoteDictionaryOptions, RemoteLikewise, SpawnOptions } from './client.js';

const startThread: StartThread = async (_options, receive, fail) => {
  const worker = await startWorker('engine');
  worker.on('message', receive);
  worker.on('error', (error) => fail(new LikewiseError('trap', `the worker ended: ${error.message}`)));
  worker.on('exit', (code) => fail(new LikewiseError('trap', `the worker ended with code ${code}`)));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    busy: (awaited) => (awaited ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
};

/**
 * Start the engine in a worker thread: words are indexed and searched there, and this thread stays responsive. An idle worker keeps no
 * process alive.
 * @throws {LikewiseError} as `load`, and `unsupported` where no thread may be started.
 */
export async function spawn(options?: SpawnOptions): Promise<RemoteLikewise> {
  const own = ownOptions(options, ['component', 'script']);
  return connect(await modules(own), own, startThread);
}
