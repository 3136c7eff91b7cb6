// Twenty sample pages, some of them broken: a middleware for Vite's servers.

const TOPICS = {
  'Deep sea': 'Brittlestars and xenophyophores live on the abyssal plain beside hydrothermal vents; siphonophores and tunicates drift above them.',
  'Bread': 'A levain of wholegrain rye wants autolyse, bulk fermentation and a banneton; the crumb of a good miche is custardy.',
  'Typefaces': 'A didone has hairline serifs, a garalde has oblique stress, and a lineale has none; kerning and hinting do the rest.',
  'Climbing': 'A dyno past the crux, a kneebar, a heelhook, and then the anchor: redpointing differs from onsighting.',
  'Bees': 'Foragers waggledance for the hive while nurse bees feed larvae; propolis seals what burr comb does not.',
  'Rust': 'The borrowck rejects aliased mutability; monomorphised generics inline well and async fns desugar into statemachines.',
  'Tea': 'Gyokuro is shaded, sencha is not; a gongfu session with a gaiwan draws out a yancha that steeps many times.',
  'Maps': 'Hachures gave way to contours, and rhumb lines to geodesics; a gazetteer lists toponyms by graticule.',
  'Clouds': 'Mammatus hang below a cumulonimbus, lenticularis stand over ridges, and noctilucent ones shine after dusk.',
  'Clay': 'A greenware bowl is bisqued, glazed with tenmoku or celadon, and fired to cone ten in an anagama.',
};

const BROKEN = {
  3: (response) => send(response, 500, 'out of order'),
  // The connection ends before there is an answer.
  7: (response) => response.destroy(),
  // No answer at all.
  11: () => {},
  // A redirect to itself.
  15: (response, path) => response.writeHead(302, { location: path }).end(),
  18: (response) => send(response, 404, 'no such page'),
};

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(body);
}

function page(number) {
  const topics = Object.entries(TOPICS);
  const [title, text] = topics[number % topics.length];
  return `<!doctype html><html lang="en"><title>${title} ${1 + Math.floor(number / topics.length)}</title><h1>${title}</h1><p>${text}</p>`;
}

function middleware(request, response, next) {
  const path = /^\/samples\/(\d+)$/.exec(request.url);
  if (!path) return next();
  const number = Number(path[1]);
  const broken = BROKEN[number];
  if (broken) return broken(response, request.url);
  // One in four redirects first.
  if (number < 100 && number % 4 === 1) return response.writeHead(302, { location: `/samples/${number + 100}` }).end();
  send(response, 200, page(number % 100));
}

/** The pages, under /samples/. */
export const samples = {
  name: 'samples',
  configureServer: (server) => void server.middlewares.use(middleware),
  configurePreviewServer: (server) => void server.middlewares.use(middleware),
};
