// The component's bytes in a browser.

import { inlineComponent } from './modules.js';
import { isWasm } from './surface.js';

/**
 * The file beside this one. Bundlers move it along with the code or do not; some development servers answer with a page of their
 * own instead. So what comes is looked at, and where it is not the file, the copy in the code stands in.
 */
export async function packagedComponent(): Promise<Uint8Array> {
  try {
    const response = await fetch(new URL('../likewise.component.wasm', import.meta.url));
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (response.ok && isWasm(bytes)) return bytes;
  } catch {
    // A policy forbids it, or there is no network: the copy needs none.
  }
  return inlineComponent();
}
