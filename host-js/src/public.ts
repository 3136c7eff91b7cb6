// Names that both entries export.

export { Dictionary, type DictionaryFactory, type DictionaryOptions, type Match, type SearchOptions, type SuggestOptions, type Text, type WithinOptions } from './dictionary.js';
export { FetchError, LikewiseError, type Code } from './errors.js';
export type { ScrapeOptions } from './fetch/options.js';
export type { Scraper, SiteStream } from './fetch/scrape.js';
export type { Likewise } from './likewise.js';
export type { LoadOptions } from './load.js';
export { METRICS, type Metric } from './metric.js';
export { Site, type Hop, type Page } from './site.js';
