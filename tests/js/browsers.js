// Real browsers for the tests: those that are installed, else installed now, else a failure that says so.
//
// playwright-core stays at 1.63: later ones send Firefox ESR a command that it does not know.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, firefox } from 'playwright-core';

const BROWSERS = {
  chromium: {
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    debian: 'chromium',
    // Containers run as root, where Chromium's own sandbox does not start.
    start: (executablePath) => chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] }),
  },
  firefox: {
    programs: ['firefox-esr', 'firefox'],
    debian: 'firefox-esr',
    // The stock Firefox, over WebDriver BiDi.
    start: (executablePath) => firefox.launch({ executablePath, channel: 'moz-firefox' }),
  },
};

export const NAMES = Object.keys(BROWSERS);

function installed({ programs }) {
  const folders = process.env.PATH.split(delimiter);
  return programs.flatMap((program) => folders.map((folder) => join(folder, program))).find((path) => existsSync(path));
}

function install(name, { debian }) {
  const run = (command, args) => execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-qq', '--no-install-recommends', debian]);
  } else if (name === 'chromium') {
    run('npx', ['playwright-core', 'install', 'chromium']);
    return chromium.executablePath();
  }
  return undefined;
}

/** Start a browser. */
export async function launch(name) {
  const browser = BROWSERS[name];
  let path = installed(browser);
  if (!path) {
    try {
      path = install(name, browser) ?? installed(browser);
    } catch (error) {
      throw new Error(`no ${name} is installed, and it cannot be installed (${error.message}); on Debian: apt-get install ${browser.debian}`);
    }
  }
  if (!path) throw new Error(`no ${name} is installed (looked for ${browser.programs.join(', ')}); install one, on Debian: apt-get install ${browser.debian}`);
  return browser.start(path);
}

/** A page that remembers what it complained of. */
export async function openPage(browser, options = {}) {
  const page = await browser.newPage(options);
  const complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}
