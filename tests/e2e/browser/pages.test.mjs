// The public pages in a real browser: in both languages, on phones and desktops, by keyboard, without
// scripts, in the dark, on paper, and with values that want to run.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { checkPage, inaccessible, overflow, tabTo } from './browser.mjs';
import { hostile } from './registry.mjs';
import { openScene } from './scene.mjs';
import { languages, publicViews, sizes } from './views.mjs';

const [zh, en] = languages;
const [phone, desktop] = sizes;

const scene = openScene({ language: zh, size: phone });
const { visited } = scene;

test('the checks can tell', () =>
  visited({}, async (page, { faults }) => {
    await page.setContent(`<html><body><p style="color: #ddd; width: 2000px">pale, and wide</p>
      <input><img src="https://elsewhere.example/x.png"></body></html>`);
    assert.ok((await overflow(page)) > 1000);
    const rules = (await inaccessible(page)).map((line) => line.split(':')[0]);
    for (const rule of ['color-contrast', 'html-has-lang', 'image-alt', 'label']) {
      assert.ok(rules.includes(rule), rule);
    }
    assert.deepEqual(
      faults.filter((fault) => fault.startsWith('asks')),
      ['asks https://elsewhere.example/x.png'],
    );
  }));

for (const language of languages) {
  for (const size of sizes) {
    test(`pages in ${language.name} on a ${size.name}`, (t) =>
      visited({ language, size }, async (page, { faults }) => {
        for (const view of publicViews) {
          await t.test(view.name, () => checkPage(page, view, language, faults));
        }
      }));
  }
}

test('pages can be read where they are 320 pixels wide, and with letters of twice the size', () =>
  visited({ size: { viewport: { width: 320, height: 640 } } }, async (page) => {
    for (const view of publicViews) {
      await page.goto(view.path);
      assert.equal(await overflow(page), 0, `${view.name}, 320 pixels`);
      await page.setViewportSize({ width: 640, height: 900 });
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      assert.equal(await overflow(page), 0, `${view.name}, letters of twice the size`);
      await page.setViewportSize({ width: 320, height: 640 });
    }
  }));

test('a code is looked up by keyboard alone, as it was pasted', () =>
  visited({ language: en, size: desktop }, async (page, { faults }) => {
    await page.goto('/');
    await page.keyboard.press('Tab');
    assert.equal(await page.locator(':focus').innerText(), 'Skip to content');
    await page.keyboard.press('Enter');
    await tabTo(page, page.locator('#q'));
    await page.keyboard.type(' ８８．１１８．８／ｈｐ－１２３－００４２ ');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => /^\/88\.118\.8\/HP-123-0042$/i.test(url.pathname));
    assert.match(await page.locator('h1').innerText(), /88\.118\.8\/HP-123-0042/);
    assert.deepEqual(faults, []);
  }));

test('the language is switched by keyboard, and stays on the way', () =>
  visited({ size: desktop }, async (page) => {
    await page.goto('/88.118.8/HP-123-0042');
    await tabTo(page, page.locator('a.language'));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/88.118.8/HP-123-0042?lang=en');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await page.getByRole('link', { name: '88.118.8/HP-123', exact: true }).first().click();
    await page.waitForURL((url) => url.pathname === '/88.118.8/HP-123');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  }));

test('what the registrant wrote is shown, inherited values and holds as well', () =>
  visited({}, async (page) => {
    await page.goto('/88.118.8/HP-123-0042');
    const text = await page.locator('main').innerText();
    for (const shown of [
      '液压泵 HP-123',
      '2026 年 11 月完成出厂检验',
      '质量异议处理中',
      '苏州水泵有限公司',
      '绿色工厂',
    ]) {
      assert.ok(text.includes(shown), shown);
    }
    assert.ok(!text.includes('98765'), 'what only the owner reads');
    const url = page.getByRole('link', { name: 'https://pumps.example.cn/hp-123/0042' });
    assert.equal(await url.getAttribute('href'), 'https://pumps.example.cn/hp-123/0042');
  }));

test('a code that was replaced says so, and leads to the one in its place', () =>
  visited({ language: en }, async (page) => {
    await page.goto('/88.118.8/OLD-1');
    assert.match(await page.locator('main').innerText(), /Superseded/);
    await page.getByRole('link', { name: '88.118.8/HP-123-0042' }).first().click();
    await page.waitForURL('**/88.118.8/HP-123-0042*');
  }));

test('a value that wants to run is text, and no link leads to a script', () =>
  visited({}, async (page, { faults }) => {
    await page.goto('/88.118.8/EVIL-1');
    assert.ok((await page.locator('main').innerText()).includes(hostile));
    for (const link of await page.locator('a').all()) {
      assert.match(await link.getAttribute('href'), /^(\/(?!\/)|#|https?:\/\/)/);
    }
    assert.equal(await page.evaluate(() => window.ran), undefined);
    await page.goto(`/?q=${encodeURIComponent(hostile)}`);
    assert.equal(await page.locator('#q').inputValue(), hostile);
    assert.equal(await page.evaluate(() => window.ran), undefined);
    assert.deepEqual(faults, []);
  }));

test('the camera reads a code where the browser can, and is not offered where it cannot', () =>
  visited({}, async (page, { faults }) => {
    await page.goto('/');
    assert.equal(await page.getByRole('button', { name: '扫码' }).isVisible(), false);
    // The camera is chromium's own picture; it has no reader of codes.
    await page.addInitScript(() => {
      window.BarcodeDetector = class {
        static getSupportedFormats = async () => ['qr_code'];
        detect = async (video) =>
          video.videoWidth > 0 ? [{ rawValue: 'https://id.example.cn/88.118.8/HP-123' }] : [];
      };
    });
    await page.goto('/');
    await page.getByRole('button', { name: '扫码' }).click();
    await page.waitForURL((url) => url.pathname === '/88.118.8/HP-123');
    assert.deepEqual(faults, []);
  }));

test('the proof that a page offers is verified without the server', () =>
  visited({ language: en, size: desktop }, async (page) => {
    await page.goto('/88.118.8/HP-123-0042');
    const started = page.waitForEvent('download');
    await page.getByRole('link', { name: /Download the proof/ }).click();
    const download = await started;
    assert.equal(download.suggestedFilename(), 'proof.json');
    const file = await download.path();
    const verify = (...command) => execFileSync(...command, { encoding: 'utf8' });
    const told = verify('python3', [process.env.GUSU_VERIFIER, file, '--vkey', scene.server.vkey]);
    assert.match(told, /^OK: proven: HOLD of 88\.118\.8\/HP-123-0042 /);
  }));

test('everything is there without scripts', () =>
  visited({ javaScriptEnabled: false, size: desktop }, async (page) => {
    await page.goto('/');
    await page.locator('#q').fill('88.118.8/HP-123-0042');
    await page.getByRole('button', { name: '查询' }).click();
    await page.waitForURL((url) => url.pathname === '/88.118.8/HP-123-0042');
    const without = await page.locator('main').innerText();
    assert.match(without, /液压泵/);
    await visited({ size: desktop }, async (other) => {
      await other.goto('/88.118.8/HP-123-0042');
      // Behind that stands the server's word for each answer.
      const registered = (text) => text.split('\n核验\n')[0];
      assert.equal(registered(without), registered(await other.locator('main').innerText()));
    });
  }));

test('in the dark the pages are dark, and readable', () =>
  visited({ colorScheme: 'dark' }, async (page) => {
    for (const view of publicViews) {
      await page.goto(view.path);
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const shades = ground.match(/\d+/g).map(Number);
      assert.ok(Math.max(...shades.slice(0, 3)) < 64, `${view.name}: ${ground}`);
      assert.deepEqual(await inaccessible(page), [], view.name);
    }
  }));

test('on paper a page is black on white, without what only a screen can do', () =>
  visited({ size: desktop, colorScheme: 'dark' }, async (page) => {
    await page.goto('/88.118.8/HP-123-0042');
    await page.emulateMedia({ media: 'print' });
    const style = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      return { backgroundColor, color };
    });
    assert.deepEqual(style, { backgroundColor: 'rgb(255, 255, 255)', color: 'rgb(0, 0, 0)' });
    assert.equal(await page.locator('form.search').first().isVisible(), false);
    assert.equal(await page.locator('nav').isVisible(), false);
    assert.equal(await page.getByText('液压泵 HP-123').first().isVisible(), true);
    assert.deepEqual(await inaccessible(page), []);
  }));
