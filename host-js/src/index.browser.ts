// The package's entry: browsers, and whatever else has fetch().

import { packagedComponent } from './component/bytes.browser.js';
import { loader } from './load.js';

export * from './public.js';

/**
 * Make an instance of the engine. The component is compiled once; each further instance takes about a millisecond and shares nothing.
 * @throws {LikewiseError} `load` where the component cannot be had, `unsupported` where this engine cannot run it.
 */
export const { load } = loader(packagedComponent);
