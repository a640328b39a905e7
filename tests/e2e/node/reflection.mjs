// What a server says that it speaks.
import { fileURLToPath } from 'node:url';

import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';

const reflection = grpc.loadPackageDefinition(
  protoLoader.loadSync(fileURLToPath(new URL('reflection.proto', import.meta.url)), {
    keepCase: true,
    oneofs: true,
  }),
).grpc.reflection.v1alpha;

// The answers to the requests, in order.
function ask(client, requests) {
  return new Promise((resolve, reject) => {
    const answers = [];
    const stream = client.ServerReflectionInfo();
    stream.on('data', (answer) => answers.push(answer));
    stream.on('error', reject);
    stream.on('end', () => resolve(answers));
    for (const request of requests) stream.write(request);
    stream.end();
  });
}

// A FileDescriptorSet in bytes: its one field, number 1, is the files.
function fileDescriptorSet(files) {
  const parts = [];
  for (const file of files) {
    const header = [0x0a];
    let length = file.length;
    for (; length > 0x7f; length >>>= 7) header.push((length & 0x7f) | 0x80);
    header.push(length);
    parts.push(Buffer.from(header), file);
  }
  return Buffer.concat(parts);
}

// Names of all services, and the package definition of those that begin with `prefix`.
export async function reflect(address, credentials, prefix) {
  const client = new reflection.ServerReflection(address, credentials);
  const [list] = await ask(client, [{ list_services: '' }]);
  const names = list.list_services_response.service.map((service) => service.name).sort();
  const answers = await ask(
    client,
    names
      .filter((name) => name.startsWith(prefix))
      .map((name) => ({ file_containing_symbol: name })),
  );
  client.close();
  const files = new Map();
  for (const answer of answers) {
    for (const file of answer.file_descriptor_response.file_descriptor_proto) {
      files.set(file.toString('base64'), file);
    }
  }
  const definition = protoLoader.loadFileDescriptorSetFromBuffer(
    fileDescriptorSet(files.values()),
    { keepCase: true, longs: String, enums: String, oneofs: true, defaults: true },
  );
  return { names, definition };
}
