// The description of /v1 is valid OpenAPI 3.1, by a validator that knows nothing of Gusu.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { Validator } from '@seriousme/openapi-schema-validator';

const document = JSON.parse(readFileSync(process.env.GUSU_OPENAPI, 'utf8'));

test('the OpenAPI document is valid', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  assert.equal(valid, true, JSON.stringify(errors, null, 1));
  assert.equal(validator.version, '3.1');
});

test('the validator finds what is wrong', async () => {
  const wrong = structuredClone(document);
  wrong.paths['/v1/prefixes/{prefix}'].get.parameters[0].in = 'somewhere';
  assert.equal((await new Validator().validate(wrong)).valid, false);
});

test('examples of the API are of their schemas', async () => {
  const validator = new Validator();
  await validator.validate(structuredClone(document));
  const resolved = validator.resolveRefs();
  const row = resolved.components.schemas.RegisterRequest.properties.row;
  assert.deepEqual(row.properties.level.enum, ['LEVEL_UNSPECIFIED', 'MODEL', 'BATCH', 'ITEM']);
  assert.equal(row.properties.values.items.properties.data.contentEncoding, 'base64');
});
