// A registry to look at: who applied, who was approved, and codes in every state, made over /v1.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';

const sha256 = (text) => createHash('sha256').update(text).digest('base64');
const secret = (begin) => begin + randomBytes(32).toString('base64url');
const base64 = (text) => Buffer.from(text).toString('base64');

// What somebody writes who wants a reader's browser to run it. It would set a flag of the page.
export const hostile = [
  '<script>window.ran = 1</script>',
  '"><img src=x onerror="window.ran = 1">',
  "'><svg onload=window.ran=1>",
  'javascript:window.ran=1',
  '</textarea></title></pre><script>window.ran=1</script>',
].join(' ');

const value = (type, data, more = {}) => ({ type, data: base64(data), ...more });

// The answer to a call; the test fails when there is none.
export async function call(server, token, method, path, body) {
  const answer = await fetch(`${server.url}/v1/${path}`, {
    method,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, `${method} /v1/${path}: ${text}`);
  return JSON.parse(text);
}

// Applies, and says what is needed to go on.
export async function apply(server, id, code, more) {
  const claim = secret('gusu_claim_');
  await call(server, '', 'POST', 'registrants', {
    registrant_id: id,
    registrant: { organization_code: { value: code }, industry_class: 'C3441', ...more },
    claim_sha256: sha256(claim),
  });
  return claim;
}

async function makeEnterprise(server, id, code, prefix, more) {
  const claim = await apply(server, id, code, more);
  const bureau = (...args) => call(server, server.token, ...args);
  await bureau('POST', `registrants/${id}:approve`, { reason: '材料齐全' });
  await bureau('POST', 'prefixes', { prefix, holder: `registrants/${id}` });
  const token = secret('gusu_');
  await call(server, claim, 'POST', `registrants/${id}/credentials`, {
    credential: { role: 'REGISTRANT_WRITER' },
    secret_sha256: sha256(token),
  });
  return token;
}

const change = (server, token, code, verb, body) => {
  const [prefix, suffix] = code.split(/\/(.*)/s);
  const name = `prefixes/${prefix}/records/${encodeURIComponent(suffix)}`;
  return call(server, token, 'POST', `${name}:${verb}`, body);
};

export async function fill(server) {
  const bureau = (...args) => call(server, server.token, ...args);
  const token = await makeEnterprise(server, 'sz-pumps', '91320594MA1MABCD6F', '88.118.8', {
    legal_name: '苏州水泵有限公司',
    english_name: 'Suzhou Pumps Ltd.',
    contact: { person: '顾苏', phone: '+86 512 0000 0000' },
  });
  await bureau('POST', 'registrants/sz-pumps:designate', {
    designation: {
      id: 'green-2026',
      title: '绿色工厂',
      english_title: 'Green factory',
      issued_on: '2026-05-01',
      certificate_number: 'G-2026-0117',
    },
    reason: 'list of May',
  });
  const register = (row) => call(server, token, 'POST', 'records:register', { row });
  await register({
    identifier: '88.118.8/HP-123',
    level: 'MODEL',
    template: 'product',
    values: [
      value('name', '液压泵 HP-123'),
      value('model', 'HP-123'),
      value('manufacturer', '苏州水泵有限公司'),
    ],
  });
  await register({
    identifier: '88.118.8/HP-123-0042',
    instance_of: { identifier: '88.118.8/HP-123' },
    values: [
      value('URL', 'https://pumps.example.cn/hp-123/0042'),
      value('serial', '0042'),
      value('DOCUMENT', 'https://pumps.example.cn/hp-123/manual.pdf'),
      value('price', '98765', { tier: 'OWNER' }),
    ],
  });
  await change(server, token, '88.118.8/HP-123-0042', 'modifyValues', {
    add: [value('note', '2026 年 11 月完成出厂检验')],
    reason: '出厂检验',
  });
  await change(server, token, '88.118.8/HP-123-0042', 'hold', {
    reason: '质量异议处理中',
    document_number: 'C-4711',
  });
  await register({ identifier: '88.118.8/NEW-1', state: 'RESERVED' });
  await register({ identifier: '88.118.8/OLD-1', values: [value('name', '旧泵')] });
  await change(server, token, '88.118.8/OLD-1', 'retire', {
    retirement: { reason: 'SUPERSEDED', text: '改型', successor: '88.118.8/HP-123-0042' },
  });
  const shouted = hostile.replaceAll('.', ' ');
  await register({
    identifier: '88.118.8/EVIL-1',
    values: [
      value('name', hostile),
      value('URL', 'javascript:window.ran=1'),
      value('DOCUMENT', 'data:text/html,<script>window.ran=1</script>'),
      value(shouted.slice(0, 200), shouted),
      value('quiet', 'line\u0000break\u202e turned', { tier: 'OWNER' }),
    ],
  });
  await register({
    identifier: `88.118.8/${'LONG-'.repeat(40)}1`,
    values: [value('name', 'W'.repeat(4000))],
  });
  // Waits for the bureau's decision, with a hostile name among them.
  await apply(server, 'sz-valves', '91320594MA1MABCD7J', {
    legal_name: '苏州阀门有限公司',
    english_name: 'Suzhou Valves Ltd.',
    address: '苏州工业园区星湖街 1 号',
  });
  await apply(server, 'evil', '91320594MA1MABCD8M', { legal_name: hostile.slice(0, 200) });
  return { token };
}
