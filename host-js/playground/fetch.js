// The third pane: pages of this server through the guest.

const element = (id) => document.getElementById(id);

const PAGES = 20;
const TIMEOUT_MS = 2000;

// Words as a dictionary has them: lower case, more than two letters.
const WORD = /(?<!\p{L})\p{Ll}{3,}(?!\p{L})/gu;

/** Wire up the pane; `learn` takes words and gives back those that were new. */
export function startFetch(load, learn) {
  const button = element('fetch');
  const progress = element('fetched');
  const told = element('fetch-told');
  const list = element('pages');
  button.addEventListener('click', async () => {
    button.disabled = true;
    list.replaceChildren();
    progress.value = 0;
    let failed = 0;
    let learned = 0;
    try {
      const lw = await load();
      const urls = Array.from({ length: PAGES }, (_, i) => new URL(`./samples/${i}`, location.href));
      for await (const site of lw.scrapeIter(urls, { concurrency: 6, timeout: TIMEOUT_MS, extract: true })) {
        const entry = document.createElement('li');
        if (site.ok && site.status < 400) {
          const fresh = await learn([...new Set(site.page.text.match(WORD))]);
          learned += fresh.length;
          entry.textContent = `${site.page.title} — ${fresh.length === 0 ? 'no new word' : `new: ${fresh.slice(0, 4).join(', ')}${fresh.length > 4 ? ', …' : ''}`}`;
        } else {
          failed++;
          entry.className = 'error';
          entry.textContent = site.error ? `${site.error.kind}: ${site.error.message}` : `${site.url}: status ${site.status}`;
        }
        list.append(entry);
        progress.value += 1;
      }
      told.textContent = `${PAGES - failed} pages read, ${failed} failed, ${learned} words learned.`;
    } catch (error) {
      told.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  });
}
