// Pictures of every page, in both languages and sizes; home, code and charts in the dark and on paper,
// too. screenshots.mjs DIRECTORY
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { launch, signIn, visit } from './browser.mjs';
import { startServer } from './gusud.mjs';
import { fill } from './registry.mjs';
import { bureauViews, languages, publicViews, sizes } from './views.mjs';

const directory = process.argv[2];
mkdirSync(directory, { recursive: true });
const server = await startServer();
const browser = await launch();
const twice = [...publicViews.slice(0, 2), ...bureauViews.filter((view) => view.name === 'charts')];
const signInView = { name: 'sign-in', path: '/bureau' };
let count = 0;

async function shoot(page, view, ...names) {
  await page.goto(view.path);
  const name = [view.path.startsWith('/bureau') ? 'bureau' : 'page', view.name, ...names].join('-');
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
  ++count;
}

async function shootAll(language, size) {
  const { context, page } = await visit(browser, server, { language, size });
  for (const view of [...publicViews, signInView]) {
    await shoot(page, view, language.name, size.name);
  }
  await signIn(page, server.token);
  for (const view of bureauViews) await shoot(page, view, language.name, size.name);
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const view of twice) await shoot(page, view, language.name, size.name, 'dark');
  await page.emulateMedia({ colorScheme: 'light' });
  for (const view of size.name === 'desktop' ? twice : []) {
    await page.goto(view.path);
    writeFileSync(join(directory, `${view.name}-${language.name}-paper.pdf`), await page.pdf());
    ++count;
  }
  await context.close();
}

try {
  await fill(server);
  for (const language of languages) {
    for (const size of sizes) await shootAll(language, size);
  }
  console.log(`${count} pictures in ${directory}`);
} finally {
  await browser.close();
  await server.stop();
}
