// shared/setup/browser.js
// Purpose: finds Chromium for the browser tests, and installs it on Debian-like systems when there is none.
// Why: pages are tested in a real browser; a missing one is installed or said, never skipped over.
// Relevant files: shared/setup/run-tests.js, shared/setup/debian.js

import { existsSync } from 'node:fs';
import { installDebian } from './debian.js';
import { SetupError } from './ensure.js';

export const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** @type {() => string} path of the browser's program */
export function ensureBrowser() {
  const asked = process.env['CHROME_PATH'];
  if (asked && !existsSync(asked)) throw new SetupError(`CHROME_PATH is ${asked}, but nothing is there.`);
  const found = asked ?? USUAL_PLACES.find((place) => existsSync(place));
  if (found) return found;
  installDebian(['chromium'], 'Chromium', HELP);
  const installed = USUAL_PLACES.find((place) => existsSync(place));
  if (!installed) throw new SetupError(`Chromium was installed, but not in a usual place. ${HELP}`);
  return installed;
}

const HELP = 'Install Chromium, or set CHROME_PATH to a Chromium or Chrome, then run npm test again.';
