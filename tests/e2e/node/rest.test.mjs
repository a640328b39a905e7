// The API as JSON, by a client that knows nothing of it but /openapi.json.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import https from 'node:https';
import { createInterface } from 'node:readline';
import { before, test } from 'node:test';

import { startServer } from './gusud.mjs';

const sha256 = (text) => createHash('sha256').update(text).digest('base64');
const secret = (begin) => begin + randomBytes(32).toString('base64url');
const base64 = (text) => Buffer.from(text).toString('base64');

let server;
let operations; // by operationId: { method, path, ...operation }

// The response, its body not read yet.
function send(method, path, { token, body } = {}) {
  const [host, port] = server.httpAddress.split(':');
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  return new Promise((resolve, reject) => {
    const request = https.request({ host, port, method, path, headers, ca: server.ca }, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

async function text(response) {
  let whole = '';
  for await (const part of response) whole += part;
  return whole;
}

// Path and query of an operation; `parameters` has those of both.
function pathOf(operation, parameters) {
  const query = new URLSearchParams();
  let path = operation.path;
  for (const [name, value] of Object.entries(parameters)) {
    const described = operation.parameters.find((parameter) => parameter.name === name);
    assert.ok(described, `${operation.operationId} has no parameter ${name}`);
    if (described.in === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value));
    else for (const one of [value].flat()) query.append(name, one);
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

// The answer's JSON, or `404 IDENTIFIER_NOT_FOUND`.
async function call(operationId, parameters = {}, body = undefined, token = undefined) {
  const operation = operations[operationId];
  const response = await send(operation.method, pathOf(operation, parameters), {
    token,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = JSON.parse(await text(response));
  return response.statusCode === 200 ? answer : `${response.statusCode} ${answer.details[0].reason}`;
}

before(async () => {
  server = await startServer();
  const document = JSON.parse(await text(await send('GET', '/openapi.json')));
  operations = {};
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      operations[operation.operationId] = { method: method.toUpperCase(), path, ...operation };
    }
  }
});

test('an enterprise applies, is approved, registers and is found', async () => {
  const bureau = server.token;
  const claim = secret('gusu_claim_');
  const token = secret('gusu_');
  const application = {
    registrant_id: 'sz-pumps',
    registrant: { legal_name: '苏州水泵厂', organization_code: { scheme: 'USCC', value: '91320505MA1X8QFB0D' } },
    claim_sha256: sha256(claim),
  };
  assert.equal(await call('ApplyRegistrant', {}, { ...application, organisation: 1 }), '400 FIELD_INVALID');
  const wrong = await call('ApplyRegistrant', {}, application);
  // The registry says which check character is right.
  if (typeof wrong === 'string') {
    assert.equal(wrong, '400 ORGANIZATION_CODE_MALFORMED');
    application.registrant.organization_code = { scheme: 'OTHER', authority: 'test', value: 'P-1' };
    assert.equal((await call('ApplyRegistrant', {}, application)).registrant.state, 'PENDING');
  }
  const registrant = { registrant: 'sz-pumps' };
  assert.equal(await call('ApproveRegistrant', registrant, {}), '401 CREDENTIAL_MISSING');
  assert.equal((await call('ApproveRegistrant', registrant, {}, bureau)).registrant.state, 'ACTIVE');
  await call('GrantPrefix', {}, { prefix: '88.118.8', holder: 'registrants/sz-pumps' }, bureau);
  const credential = { credential: { role: 'REGISTRANT_ADMIN' }, secret_sha256: sha256(token) };
  assert.equal((await call('CreateCredential', registrant, credential, claim)).credential.role, 'REGISTRANT_ADMIN');

  const values = [{ type: 'name', data: base64('离心泵') }, { type: 'PRICE', data: base64('1000'), tier: 'OWNER' }];
  const registered = await call('Register', {}, { row: { identifier: '88.118.8/HP/1 ', values } }, token);
  assert.equal(registered, '400 IDENTIFIER_MALFORMED');
  const row = { identifier: '88.118.8/HP/1', values };
  assert.equal((await call('Register', {}, { row }, token)).result.outcome, 'CREATED');
  assert.equal((await call('Register', {}, { row }, token)).result.outcome, 'UNCHANGED');

  const found = await call('Resolve', { identifier: '88.118.8/hp/1' });
  assert.deepEqual(found.record.values.map((value) => Buffer.from(value.data, 'base64').toString()), ['离心泵']);
  assert.equal(found.values_withheld_count, 1);
  assert.deepEqual(found.withheld_tiers, ['OWNER']);
  const late = { identifier: '88.118.8/HP/1', 'options.as_of_time': '9999-12-31T23:59:59-01:00' };
  assert.equal(await call('Resolve', late), '400 FIELD_INVALID');
  const named = { prefix: '88.118.8', record: 'HP/1' };
  assert.equal((await call('GetRecord', named, undefined, token)).values.length, 2);
  assert.equal((await call('RetireRecord', named, { retirement: { reason: 'SCRAPPED' } }, token)).record.state, 'RETIRED');
  const revisions = await call('ListRevisions', named, undefined, token);
  assert.deepEqual(revisions.revisions.map((revision) => revision.operation), ['RETIRE', 'REGISTER']);
  assert.equal(await call('Resolve', { identifier: '88.118.8/NEVER' }), '404 IDENTIFIER_NOT_FOUND');

  const lines = Array.from({ length: 300 }, (_, i) => JSON.stringify({ rows: [{ identifier: `88.118.8/S-${i}` }] }));
  const stream = await send('POST', operations.StreamRegister.path, { token, body: lines.join('\n') });
  assert.equal(stream.headers['content-type'], 'application/x-ndjson');
  const answers = (await text(stream)).trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(
    answers.map((answer) => answer.outcomes[0].result.identifier),
    Array.from({ length: 300 }, (_, i) => `88.118.8/S-${i}`),
  );
});

test('a watch brings what is written while it is open, and a client that leaves is no harm', async () => {
  const response = await send('GET', pathOf(operations.WatchEntries, { view: 'LEAF' }));
  response.on('error', () => {}); // that we leave
  let next = 0;
  let granted;
  for await (const line of createInterface({ input: response })) {
    const { entries = [], checkpoint, error } = JSON.parse(line);
    assert.equal(error, undefined);
    for (const entry of entries) assert.equal(Number(entry.leaf_index ?? 0), next++);
    if (next > granted) break;
    if (granted === undefined && checkpoint) {
      const prefix = { prefix: '88.118.9', holder: 'registrants/sz-pumps' };
      granted = Number((await call('GrantPrefix', {}, prefix, server.token)).receipt.leaf_index);
      assert.ok(granted >= next);
    }
  }
  response.destroy();
  assert.ok((await call('GetCheckpoint')).checkpoint.length > 0);
});

test('a watch that is open when the server stops ends with its reason', async () => {
  const response = await send('GET', operations.WatchEntries.path);
  const lines = createInterface({ input: response })[Symbol.asyncIterator]();
  assert.ok(JSON.parse((await lines.next()).value).entries.length > 0);
  const stopped = server.stop();
  let last;
  for await (const line of lines) last = JSON.parse(line);
  assert.equal(last.error.details[0].reason, 'SERVER_STOPPING');
  assert.equal(await stopped, 0);
});
