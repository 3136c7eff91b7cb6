// Bodies of responses that the guest was given and need not give back: an outcome names them by the request.

import type { Outcome } from '../generated/interfaces/likewise-engine-scraper.js';
import type { Completion, Payload } from '../generated/interfaces/likewise-engine-transport.js';
import { fromPayload, toMapped } from './body.js';

/** The bodies of the responses that the last exchange gave. */
export class Kept {
  readonly #bodies = new Map<number, Payload>();

  /** Keep what an exchange gives. */
  keep(completions: Completion[]): Completion[] {
    this.#bodies.clear();
    for (const { id, outcome } of completions) if (outcome.tag === 'ok') this.#bodies.set(id, outcome.val.body);
    return completions;
  }

  /** An outcome with the text and the content that it only names. */
  restore(outcome: Outcome | undefined): Outcome | undefined {
    const site = outcome?.site.tag === 'ok' ? outcome.site.val : undefined;
    const body = site?.kept === undefined ? undefined : this.#bodies.get(site.kept);
    if (!site || !body) return outcome;
    this.#bodies.delete(site.kept as number);
    if (site.text === undefined) site.text = body.data;
    else site.content = body.mapped ? body.data : toMapped(fromPayload(body));
    return outcome;
  }
}
