// The engine off the main thread, in browsers.

import { ownOptions } from '../arguments.js';
import { LikewiseError } from '../errors.js';
import { modules } from '../platform.browser.js';
import { connect, type RemoteLikewise, type SpawnOptions, type StartThread } from './client.js';

export { LikewiseError, type Code } from '../errors.js';
export type { RemoteDictionary, RemoteDictionaryFactory, RemoteDictionaryOptions, RemoteLikewise, SpawnOptions } from './client.js';

const startThread: StartThread = async ({ script }, receive, fail) => {
  let worker: Worker;
  try {
    if (script === undefined) {
      // A blob is the one kind of worker that every bundler leaves alone.
      const { source } = await import('../generated/worker-source.js');
      const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
      worker = new Worker(url, { name: 'likewise' });
      // Once started it needs its address no more; earlier some browsers would not find it.
      worker.addEventListener('message', () => URL.revokeObjectURL(url), { once: true });
    } else {
      worker = new Worker(script as string, { name: 'likewise' });
    }
  } catch (error) {
    const message = `the worker cannot be started: ${error}; name its script: spawn({ script }), with trusted types as a TrustedScriptURL of your policy`;
    throw new LikewiseError('unsupported', message, { cause: error });
  }
  worker.addEventListener('message', ({ data }) => receive(data));
  worker.addEventListener('error', (event) => {
    const hint = script === undefined ? 'a content security policy without `worker-src blob:` forbids it; serve likewise/worker-script.js and name it: spawn({ script })' : `is ${script} likewise/worker-script.js?`;
    fail(new LikewiseError('unsupported', `the worker did not start: ${event.message || hint}`));
  });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    busy: () => {},
    terminate: () => worker.terminate(),
  };
};

/**
 * Start the engine in a worker: words are indexed and searched there, and the page stays responsive.
 * @throws {LikewiseError} as `load`, and `unsupported` where the worker cannot start.
 */
export async function spawn(options?: SpawnOptions): Promise<RemoteLikewise> {
  const own = ownOptions(options, ['component', 'script']);
  return connect(await modules(own), own, startThread);
}
