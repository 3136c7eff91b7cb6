// The package's entry: Node.

import type { Likewise } from './likewise.js';
import type { LoadOptions } from './load.js';
import * as platform from './platform.node.js';

export * from './public.js';

/**
 * Make an instance of the engine. The component is compiled once; each further instance takes about a millisecond and shares nothing.
 * @throws {LikewiseError} `load` where the component cannot be had, `unsupported` where this engine cannot run it.
 */
export function load(options?: LoadOptions): Promise<Likewise> {
  return platform.load(options);
}
