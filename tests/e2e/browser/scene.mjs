// What the tests of a file play in: a server with a filled registry, and a browser.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { launch, visit } from './browser.mjs';
import { startServer } from './gusud.mjs';
import { fill } from './registry.mjs';

// `scene.server` is there while tests run. `scene.visited` runs with a page of a new visitor, whose
// context ends with it; of what it is not told, `visitor` decides.
export function openScene(visitor) {
  const scene = {
    async visited(options, run) {
      const visited = await visit(browser, scene.server, { ...visitor, ...options });
      try {
        await run(visited.page, visited);
      } finally {
        await visited.context.close();
      }
    },
  };
  let browser;
  before(async () => {
    scene.server = await startServer();
    await fill(scene.server);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    assert.equal(await scene.server?.stop(), 0);
  });
  return scene;
}
