// The main job from another language, over TLS with tokens, with types that come from the server's own
// reflection service: no .proto file of Gusu is read here.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';

import grpc from '@grpc/grpc-js';

import { startServer } from './gusud.mjs';
import { reflect } from './reflection.mjs';

const sha256 = (text) => createHash('sha256').update(text).digest();
const secret = (begin) => begin + randomBytes(32).toString('base64url');

let server;
let credentials;
let names;
let api;

// A promise of a unary call's answer.
function call(service, method, request, token) {
  const client = new api[service](server.grpcAddress, credentials);
  const metadata = new grpc.Metadata();
  if (token) metadata.set('authorization', `Bearer ${token}`);
  return new Promise((resolve, reject) => {
    client[method](request, metadata, { deadline: Date.now() + 20_000 }, (error, answer) => {
      client.close();
      if (error) reject(error);
      else resolve(answer);
    });
  });
}

// Reason of a failed call: in the ErrorInfo of grpc-status-details-bin.
async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    const details = error.metadata.get('grpc-status-details-bin')[0].toString('latin1');
    const reason = details.match(/[A-Z]{3,}(_[A-Z]+)+/)?.[0];
    return `${grpc.status[error.code]} ${reason}`;
  }
  return 'accepted';
}

const product = (identifier, name) => ({
  row: {
    identifier,
    template: 'product',
    values: [
      { type: 'name', data: Buffer.from(name) },
      { type: 'model', data: Buffer.from('HP') },
    ],
  },
});

before(async () => {
  server = await startServer();
  credentials = grpc.credentials.createSsl(server.ca);
  const reflected = await reflect(server.grpcAddress, credentials, 'gusu.v1.');
  names = reflected.names;
  api = grpc.loadPackageDefinition(reflected.definition).gusu.v1;
});

after(async () => {
  assert.equal(await server.stop(), 0);
});

test('the server names its services', () => {
  assert.deepEqual(names, [
    'grpc.health.v1.Health',
    'grpc.reflection.v1alpha.ServerReflection',
    'gusu.v1.AuditService',
    'gusu.v1.RegistrarService',
    'gusu.v1.RegistryService',
    'gusu.v1.ResolverService',
    'gusu.v1.StatisticsService',
  ]);
});

test('an enterprise registers and a partner resolves', async () => {
  const claim = secret('gusu_claim_');
  const token = secret('gusu_');
  const name = 'registrants/sz-pumps';
  await call('RegistrarService', 'ApplyRegistrant', {
    registrant_id: 'sz-pumps',
    registrant: {
      legal_name: '苏州水泵厂',
      organization_code: { value: '91320594MA1MABCD6F' },
    },
    claim_sha256: sha256(claim),
  });
  await call('RegistrarService', 'ApproveRegistrant', { name, reason: 'seen' }, server.token);
  await call('RegistrarService', 'GrantPrefix', { prefix: '88.118.8', holder: name }, server.token);
  await call(
    'RegistrarService',
    'CreateCredential',
    { parent: name, secret_sha256: sha256(token) },
    claim,
  );

  const first = await call('RegistryService', 'Register', product('88.118.8/HP-1', 'Pump'), token);
  assert.equal(first.result.outcome, 'CREATED');
  const again = await call('RegistryService', 'Register', product('88.118.8/HP-1', 'Pump'), token);
  assert.equal(again.result.outcome, 'UNCHANGED');
  assert.deepEqual(again.result.receipt, first.result.receipt);

  const { record } = await call('ResolverService', 'Resolve', { identifier: '88.118.8/hp-1' });
  assert.equal(record.identifier, '88.118.8/HP-1');
  assert.equal(record.issued_by, name);
  assert.equal(record.revision, first.result.receipt.revision);
  assert.deepEqual(
    record.values.map((value) => [value.type, value.data.toString()]),
    [
      ['name', 'Pump'],
      ['model', 'HP'],
      ['manufacturer', '苏州水泵厂'],
    ],
  );

  assert.equal(
    await refusal(call('RegistryService', 'Register', product('88.118.8/HP-1', 'Other'), token)),
    'ALREADY_EXISTS IDENTIFIER_TAKEN',
  );
  assert.equal(
    await refusal(call('RegistryService', 'Register', product('88.118.8/HP-2', 'Pump'))),
    'UNAUTHENTICATED CREDENTIAL_MISSING',
  );
  assert.equal(
    await refusal(call('ResolverService', 'Resolve', { identifier: '88.118.8/NEVER' })),
    'NOT_FOUND IDENTIFIER_NOT_FOUND',
  );
});

test('a stream is answered message by message', async () => {
  const client = new api.ResolverService(server.grpcAddress, credentials);
  const stream = client.StreamResolve();
  const answers = [];
  const ended = new Promise((resolve, reject) => {
    stream.on('data', (answer) => answers.push(answer.outcomes.length));
    stream.on('error', reject);
    stream.on('end', resolve);
  });
  for (const count of [3, 1, 2]) {
    stream.write({ identifiers: Array(count).fill('88.118.8/HP-1') });
  }
  stream.end();
  await ended;
  client.close();
  assert.deepEqual(answers, [3, 1, 2]);
});
