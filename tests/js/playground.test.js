// The playground, as a person uses it, in real browsers. Screenshots stay in output/.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { build, preview } from 'vite';
import { launch, NAMES, openPage } from './browsers.js';

const configFile = fileURLToPath(new URL('../../host-js/playground/vite.config.js', import.meta.url));
const output = fileURLToPath(new URL('output/', import.meta.url));
mkdirSync(output, { recursive: true });

let server;
let base;
before(async () => {
  await build({ configFile, logLevel: 'error' });
  server = await preview({ configFile, logLevel: 'error', preview: { port: 0 } });
  base = server.resolvedUrls.local[0];
});
after(() => server?.close());

for (const name of NAMES) {
  describe(name, () => {
    let browser;
    let page;
    let complaints;
    before(async () => {
      browser = await launch(name);
      ({ page, complaints } = await openPage(browser, { viewport: { width: 1200, height: 900 } }));
      await page.goto(base);
      await page.waitForSelector('html[data-ready]', { timeout: 60_000 });
    });
    after(() => browser?.close());

    const shot = (what, of = page) => of.screenshot({ path: `${output}${name}-${what}.png`, fullPage: true });
    const shown = (metric, word) => page.waitForSelector(`#matches[data-for=${JSON.stringify(`${metric} ${word}`)}]`, { timeout: 30_000 });
    const first = () => page.textContent('#matches li:first-child .word');

    test('typing suggests', async () => {
      await page.fill('#query', '');
      await page.locator('#query').pressSequentially('definately', { delay: 10 });
      await shown('typo', 'definately');
      assert.equal(await first(), 'definitely');
      assert.equal(await page.locator('#matches li').count(), 8);
      assert.equal(await page.textContent('#matches li:first-child mark'), 'i');
      await page.selectOption('#metric', 'indel');
      await shown('indel', 'definately');
      await page.fill('#query', 'almni');
      await shown('indel', 'almni');
      assert.match(await page.textContent('#matches li:first-child'), /alumni.*90\.9 %/);
      await shot('typing');
    });

    test('what is typed is text, whatever it is, and too much of it is told', async () => {
      const hostile = `<img src=x onerror="document.title='owned'"> definately`;
      await page.fill('#query', hostile);
      await page.waitForFunction((text) => document.querySelector('#matches').dataset.for?.endsWith(text), hostile, { timeout: 20_000 });
      assert.equal(await page.locator('main img').count(), 0);
      await page.fill('#query', 'a'.repeat(9000));
      await page.waitForFunction(() => /9,000 code points/.test(document.querySelector('#told').textContent), undefined, { timeout: 20_000 });
      assert.equal(await page.locator('#matches li').count(), 0);
      assert.notEqual(await page.title(), 'owned');
    });

    test('the keyboard is enough', async () => {
      await page.fill('#query', 'recieve');
      await shown('indel', 'recieve');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      assert.equal(await page.getAttribute('#query', 'aria-activedescendant'), 'match-1');
      assert.equal(await page.getAttribute('#match-1', 'aria-selected'), 'true');
      await page.keyboard.press('ArrowUp');
      const chosen = await page.textContent('#match-0 .word');
      await page.keyboard.press('Enter');
      assert.equal(await page.inputValue('#query'), chosen);
      await page.keyboard.press('Escape');
      assert.equal(await page.inputValue('#query'), '');
    });

    test('a screen reader is told', async () => {
      const roles = await page.evaluate(() => [...document.querySelectorAll('input, select, button, progress')].map((control) => control.labels?.length > 0 || Boolean(control.ariaLabel || control.textContent)));
      assert.ok(roles.every(Boolean), 'every control has a name');
      assert.equal(await page.getByRole('combobox', { name: /word/ }).count(), 1);
      assert.equal(await page.getByRole('listbox', { name: 'Suggestions' }).count(), 1);
      await page.fill('#query', 'alumni');
      await page.waitForFunction(() => /suggestions? in .* ms, the first is alumni/.test(document.querySelector('#told').textContent), undefined, { timeout: 20_000 });
    });

    test('no search blocks the page', async () => {
      // Other work on this machine may delay any single measure: each key is pressed in three rounds, and its quickest counts.
      const quickest = new Map();
      for (let round = 0; round < 3; round++) {
        for (const text of ['a', 'ac', 'aco', 'acom', 'acommodate', 'antidisestablishmentarianism']) {
          await page.evaluate(() => performance.clearMeasures());
          await page.fill('#query', '');
          await page.fill('#query', text);
          await shown('indel', text);
          const worst = await page.evaluate(() => Math.max(...performance.getEntriesByType('measure').map(({ duration }) => duration)));
          quickest.set(text, Math.min(worst, quickest.get(text) ?? Infinity));
        }
      }
      for (const [text, milliseconds] of quickest) assert.ok(milliseconds <= 16, `${text}: the main thread was busy for ${milliseconds} ms`);
    });

    test('twenty pages are fetched, broken ones among them, and their words are learned', async () => {
      await page.click('#fetch');
      await page.waitForFunction(() => /pages read/.test(document.querySelector('#fetch-told').textContent), undefined, { timeout: 60_000 });
      assert.match(await page.textContent('#fetch-told'), /^15 pages read, 5 failed, \d{2,} words learned\.$/);
      assert.equal(await page.locator('#pages li').count(), 20);
      assert.equal(await page.locator('#pages .error').count(), 5);
      await page.fill('#query', 'xenophiophore');
      await shown('indel', 'xenophiophore');
      assert.equal(await first(), 'xenophyophores');
      await shot('fetched');
      // What the page's own server answered wrongly, the browser reports by itself.
      const ours = complaints.filter((text) => !/Failed to load resource|net::ERR|NetworkError|Cross-Origin/.test(text));
      assert.deepEqual(ours, []);
    });

    test('the component is that of the package', async () => {
      const component = readFileSync(fileURLToPath(import.meta.resolve('likewise/component.wasm')));
      assert.equal(await page.textContent('#sha256'), createHash('sha256').update(component).digest('hex'));
    });

    test('on a phone nothing is cut off, in the dark nothing is lost', async () => {
      await page.setViewportSize({ width: 360, height: 740 });
      const [wide, visible] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(wide <= visible, `${wide} > ${visible}`);
      const small = await page.evaluate(() => [...document.querySelectorAll('input, select, button')].filter((control) => control.offsetHeight < 44).map(({ id }) => id));
      assert.deepEqual(small, [], 'fingers find every control');
      await shot('phone');
      if (name === 'chromium') {
        const dark = await browser.newPage({ colorScheme: 'dark' });
        await dark.goto(base);
        await dark.waitForSelector('html[data-ready]');
        const [paper, ink] = await dark.evaluate(() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]);
        assert.deepEqual([paper, ink], ['rgb(22, 24, 29)', 'rgb(232, 230, 225)']);
        await shot('dark', dark);
        await dark.close();
      }
    });

    if (name === 'chromium') {
      test('the race is run, with likewise in front', async () => {
        await page.setViewportSize({ width: 1200, height: 900 });
        await page.click('#race');
        await page.waitForFunction(() => /answers .* times as fast/.test(document.querySelector('#race-told').textContent), undefined, { timeout: 120_000 });
        const [nearer, further] = (await page.textContent('#race-told')).match(/[\d,]+(?= times)/g).map((number) => Number(number.replace(',', '')));
        assert.ok(nearer > 1 && further > 1, `${nearer} ${further}`);
        const shares = await page.evaluate(() => [...document.querySelectorAll('.bar')].map((bar) => Number(bar.style.getPropertyValue('--share'))));
        assert.ok(shares[0] > shares[1] && shares[1] > shares[2], String(shares));
        await shot('race');
      });
    }
  });
}
