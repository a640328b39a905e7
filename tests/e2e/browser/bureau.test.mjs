// The bureau's console in a real browser: sign in, decide, search, take evidence home. None of it needs
// scripts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { checkPage, inaccessible, overflow, signIn, tabTo } from './browser.mjs';
import { apply, call, hostile } from './registry.mjs';
import { openScene } from './scene.mjs';
import { bureauViews, languages, sizes } from './views.mjs';

const [zh, en] = languages;
const [phone, desktop] = sizes;
const signInView = { name: 'sign-in', path: '/bureau', status: 200 };

const scene = openScene({ language: zh, size: desktop });
const { visited } = scene;

for (const language of languages) {
  for (const size of sizes) {
    test(`the console in ${language.name} on a ${size.name}`, (t) =>
      visited({ language, size }, async (page, { faults }) => {
        await t.test(signInView.name, () => checkPage(page, signInView, language, faults));
        await signIn(page, scene.server.token);
        for (const view of bureauViews) {
          await t.test(view.name, () => checkPage(page, view, language, faults));
        }
      }));
  }
}

test('the console in the dark, and where it is 320 pixels wide', () =>
  visited({ size: { viewport: { width: 320, height: 640 } }, colorScheme: 'dark' }, async (page) => {
    await signIn(page, scene.server.token);
    for (const view of bureauViews) {
      await page.goto(view.path);
      assert.equal(await overflow(page), 0, view.name);
      assert.deepEqual(await inaccessible(page), [], view.name);
    }
  }));

test('a wrong token is refused, and nothing of the console is shown without one', () =>
  visited({ language: en }, async (page) => {
    await page.goto('/bureau');
    await page.locator('input[name=token]').fill('gusu_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    assert.match(await page.getByRole('alert').innerText(), /CREDENTIAL_INVALID/);
    for (const view of bureauViews) {
      await page.goto(view.path);
      assert.equal(await page.locator('input[name=token]').count(), 1, view.name);
    }
  }));

test('a session is a cookie that no script and no other site gets, and ends with sign-out', () =>
  visited({ language: en }, async (page, { context }) => {
    await signIn(page, scene.server.token);
    const cookies = await context.cookies(`${scene.server.url}/bureau`);
    const session = cookies.find((cookie) => cookie.name === 'gusu_bureau');
    assert.equal(session.httpOnly, true);
    assert.equal(session.sameSite, 'Strict');
    assert.equal(session.path, '/bureau');
    assert.equal(await page.evaluate(() => document.cookie), '');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/bureau*');
    await context.addCookies([session]);  // as it was
    await page.goto('/bureau/review');
    assert.equal(await page.locator('input[name=token]').count(), 1);
  }));

test('an applicant is approved by keyboard alone, without scripts', () =>
  visited({ language: en }, async (page, { faults }) => {
    await page.goto('/bureau');
    await tabTo(page, page.locator('input[name=token]'));
    await page.keyboard.type(scene.server.token);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/bureau/review*');
    const applicant = page.getByRole('link', { name: '苏州阀门有限公司' });
    await tabTo(page, applicant);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/bureau/registrants/sz-valves*');
    await tabTo(page, page.locator('#reason'));
    await page.keyboard.type('licence seen');
    await tabTo(page, page.getByRole('button', { name: 'Approve' }));
    await page.keyboard.press('Enter');
    await page.getByText('Approved.').waitFor();
    const now = await call(scene.server, scene.server.token, 'GET', 'registrants/sz-valves');
    assert.equal(now.state, 'ACTIVE');
    await page.goto('/bureau/review');
    assert.equal(await applicant.count(), 0);
    assert.deepEqual(faults, []);
  }));

test('to return or reject needs a reason, which the applicant reads', () =>
  visited({ javaScriptEnabled: false, size: phone }, async (page) => {
    await apply(scene.server, 'sz-gears', '91320594MA1MABCD9Q', { legal_name: '苏州齿轮' });
    await signIn(page, scene.server.token);
    await page.getByRole('link', { name: '苏州齿轮' }).click();
    await page.getByRole('button', { name: '退回修改' }).click();
    assert.match(await page.getByRole('alert').innerText(), /reason/);
    await page.goto('/bureau/registrants/sz-gears');
    await page.locator('#reason').fill('执照缺页');
    await page.getByRole('button', { name: '退回修改' }).click();
    await page.getByText('已退回修改。').waitFor();
    const returned = await call(scene.server, scene.server.token, 'GET', 'registrants/sz-gears');
    assert.deepEqual([returned.state, returned.state_reason], ['RETURNED', '执照缺页']);
  }));

test('what is not public is read for a reason', () =>
  visited({}, async (page) => {
    await signIn(page, scene.server.token);
    await page.goto('/bureau/codes?code=88.118.8%2FHP-123-0042');
    assert.equal(await page.getByText('98765').count(), 0);
    await page.locator('#reason').fill('现场检查 4711 号');
    await page.getByRole('button', { name: '查阅' }).click();
    assert.equal(await page.getByText('98765').count(), 1);
  }));

test('evidence comes whole: every file as listed, every proof verified', () =>
  visited({ language: en }, async (page) => {
    await signIn(page, scene.server.token);
    await page.getByRole('link', { name: 'Codes' }).click();
    await page.locator('#code').fill('88.118.8/HP-123-0042');
    await page.getByRole('button', { name: 'Search' }).click();
    const started = page.waitForEvent('download');
    await page.getByRole('link', { name: /Download the evidence/ }).click();
    const download = await started;
    assert.equal(download.suggestedFilename(), 'evidence-88.118.8_HP-123-0042.zip');
    const directory = mkdtempSync(join(tmpdir(), 'gusu-evidence-'));
    try {
      execFileSync('python3', ['-m', 'zipfile', '-e', await download.path(), directory]);
      const file = (name) => readFileSync(join(directory, name));
      const lines = file('manifest.sha256').toString().trimEnd().split('\n');
      for (const line of lines) {
        const [digest, name] = line.split(/ [ *]/);
        assert.equal(createHash('sha256').update(file(name)).digest('hex'), digest, name);
      }
      const listed = lines.map((line) => line.split(/ [ *]/)[1]);
      const found = readdirSync(directory, { recursive: true, withFileTypes: true });
      assert.equal(found.filter((entry) => entry.isFile()).length, listed.length + 1);
      assert.equal(file('vkey').toString().trim(), scene.server.vkey);
      const revisions = listed.filter((name) => /^revisions\/\d+\.json$/.test(name));
      assert.equal(revisions.length, 3, 'registered, changed, held');
      const run = (...command) => {
        return execFileSync(command[0], command.slice(1), { cwd: directory, encoding: 'utf8' });
      };
      for (const name of [...revisions, 'answer-proof.json']) {
        const verdict = run(process.env.GUSU, 'audit', 'verify-proof', name, '--vkey', 'vkey');
        assert.match(verdict, /^PROVEN: [^]*88\.118\.8\/(records\/)?HP-123-0042/);
      }
      const { GUSU_VERIFIER: verifier } = process.env;
      const verdict = run('python3', verifier, 'answer-proof.json', '--vkey', scene.server.vkey);
      assert.match(verdict, /^OK: proven: HOLD of 88\.118\.8\/HP-123-0042 /);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }));

test('an auditor sees everything, and decides nothing', () =>
  visited({ language: en }, async (page) => {
    const token = `gusu_${randomBytes(32).toString('base64url')}`;
    await call(scene.server, scene.server.token, 'POST', 'bureau/credentials', {
      credential: { role: 'BUREAU_AUDITOR' },
      secret_sha256: createHash('sha256').update(token).digest('base64'),
    });
    await signIn(page, token);
    await page.goto('/bureau/registrants/evil');
    assert.ok((await page.locator('h1').innerText()).includes(hostile.slice(0, 20)));
    assert.equal(await page.locator('main button').count(), 0);
    assert.equal((await page.goto('/bureau/charts')).status(), 200);
  }));

test('charts are pictures with names, and tables say the same', () =>
  visited({ language: en }, async (page) => {
    await signIn(page, scene.server.token);
    await page.goto('/bureau/charts');
    const charts = page.locator('svg.chart');
    assert.ok((await charts.count()) >= 2);
    for (const chart of await charts.all()) {
      assert.equal(await chart.getAttribute('role'), 'img');
      const named = await chart.evaluate((svg) =>
        svg.getAttribute('aria-label') ??
        document.getElementById(svg.getAttribute('aria-labelledby')?.split(' ')[0])?.textContent ??
        '');
      assert.notEqual(named, '');
    }
    assert.ok((await page.locator('table').count()) >= 2);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await charts.first().isVisible(), true);
    assert.equal(await page.locator('nav').isVisible(), false);
  }));

test('over TLS the session goes nowhere but over TLS', async () => {
  const baseURL = `https://${scene.server.httpAddress}`;
  await visited({ ignoreHTTPSErrors: true, baseURL }, async (page, { context }) => {
    await signIn(page, scene.server.token);
    const cookies = await context.cookies(`${baseURL}/bureau`);
    assert.equal(cookies.find((cookie) => cookie.name.endsWith('gusu_bureau')).secure, true);
  });
});
