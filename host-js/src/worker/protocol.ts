// What travels between a page and its worker.

import type { Modules } from '../component/modules.js';
import type { Code } from '../errors.js';

/** The first message: compiled modules, which cost nothing to post. */
export interface Init {
  modules: Modules;
}

/** A call: of a dictionary where `dictionary` names one, otherwise of the engine. */
export interface Call {
  id: number;
  dictionary: number | undefined;
  method: string;
  args: unknown[];
}

/** An error as data. */
export interface Thrown {
  code: Code | undefined;
  message: string;
}

/** The answer to a call; that to `Init` has the id 0. */
export type Answer = { id: number; value: unknown } | { id: number; thrown: Thrown };

/** What stands for a dictionary on the other side. */
export interface Reference {
  dictionary: number;
  length: number;
}
