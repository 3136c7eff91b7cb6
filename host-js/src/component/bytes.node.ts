// The component's bytes in Node.

import { readFile } from 'node:fs/promises';
import { inlineComponent } from './modules.js';

/** The file beside this one or, once bundled away from it, the copy in the code. */
export async function packagedComponent(): Promise<Uint8Array> {
  try {
    return await readFile(new URL('../likewise.component.wasm', import.meta.url));
  } catch {
    return inlineComponent();
  }
}
