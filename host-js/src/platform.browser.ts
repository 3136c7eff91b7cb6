// What browsers bring.

import { packagedComponent } from './component/bytes.browser.js';
import { LikewiseError } from './errors.js';
import { hasJspi, openSuspending } from './fetch/session.js';
import { loader } from './load.js';

export const { load, modules } = loader({
  packagedComponent,
  async openSession(start) {
    if (hasJspi()) return openSuspending(start);
    const message = 'fetching through the guest needs WebAssembly JSPI, which this browser lacks (Chromium has it since 137, Firefox since 153); the rest works';
    throw new LikewiseError('unsupported', message);
  },
});
