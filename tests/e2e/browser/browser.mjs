// Debian's chromium, and what every page is checked for.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const criteria = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export function launch() {
  return chromium.launch({
    executablePath: process.env.GUSU_CHROMIUM || '/usr/bin/chromium',
    args: [
      // A camera that shows a picture of its own, and may be used without asking.
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      // The sandbox refuses to run as root.
      ...(process.getuid() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}

// A page of a visitor of its own. `faults` says what went wrong in it: errors of scripts, what the
// content security policy stopped, and requests to other hosts.
export async function visit(browser, server, { language, size, ...more }) {
  const context = await browser.newContext({
    baseURL: server.url,
    locale: language.locale,
    viewport: size.viewport,
    // What moves is not clicked on.
    reducedMotion: 'reduce',
    ...more,
  });
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // The browser's own word for an answer that says 404.
    const isStatus = message.text().startsWith('Failed to load resource: the server responded');
    if (message.type() === 'error' && !isStatus) faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const host = new URL(request.url()).host;
    if (host !== server.httpAddress) faults.push(`asks ${request.url()}`);
  });
  return { context, page, faults };
}

export async function signIn(page, token) {
  await page.goto('/bureau');
  await page.locator('input[name=token]').fill(token);
  await page.locator('main button[type=submit]').click();
  await page.waitForURL('**/bureau/review*');
}

// What WCAG 2.2 A and AA find in the page, a line each.
export async function inaccessible(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags } }),
    criteria,
  );
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.html} (${node.failureSummary})`),
  );
}

// How many pixels the page is wider than its window.
export function overflow(page) {
  return page.evaluate(() => {
    const root = document.documentElement;
    return Math.max(0, root.scrollWidth - root.clientWidth);
  });
}

// That a page is as every page must be.
export async function checkPage(page, view, language, faults) {
  const answer = await page.goto(view.path);
  assert.equal(answer.status(), view.status);
  assert.equal(await page.locator('html').getAttribute('lang'), language.tag);
  assert.equal(await page.locator('h1').count(), 1, 'one main heading');
  assert.equal(await page.locator('main').count(), 1);
  assert.equal(await overflow(page), 0, 'it must not scroll sideways');
  assert.deepEqual(await inaccessible(page), []);
  const text = await page.locator('body').innerText();
  assert.doesNotMatch(text, /genuine|正品/i);
  assert.equal(await page.evaluate(() => window.ran), undefined, 'a value ran as a script');
  assert.deepEqual(faults, []);
}

// Presses Tab until the focus is on what `locator` finds; the focus must be seen.
export async function tabTo(page, locator) {
  for (let i = 0; i < 60; ++i) {
    await page.keyboard.press('Tab');
    if (await locator.evaluate((element) => element === document.activeElement)) {
      const outline = await locator.evaluate((element) => getComputedStyle(element).outlineStyle);
      assert.notEqual(outline, 'none', 'the focus cannot be seen');
      return;
    }
  }
  assert.fail(`the keyboard does not reach ${locator}`);
}
