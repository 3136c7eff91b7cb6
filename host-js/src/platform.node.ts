// What Node brings.

import { packagedComponent } from './component/bytes.node.js';
import { openBlocking } from './fetch/blocking.node.js';
import { hasJspi, openSuspending } from './fetch/session.js';
import { loader } from './load.js';

export const { load, modules } = loader({
  packagedComponent,
  openSession: (start) => (hasJspi() ? openSuspending(start) : openBlocking(start)),
});
