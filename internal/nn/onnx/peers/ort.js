// ONNX Runtime behind the protocol of protocol.go: one JSON request per line in, one reply per line out.
// Usage: node ort.js MODULES, the folder in which onnxruntime-node is installed.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');
const ort = require(path.join(process.argv[2], 'node_modules', 'onnxruntime-node'));

const floats = (file) => {
  const b = fs.readFileSync(file);
  return new Float32Array(b.buffer.slice(b.byteOffset, b.byteOffset + b.length));
};

let session;
let feeds;

const commands = {
  async load(q) {
    session = await ort.InferenceSession.create(q.file, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      intraOpNumThreads: q.threads,
      interOpNumThreads: 1,
    });
    feeds = { [session.inputNames[0]]: new ort.Tensor('float32', floats(q.input), q.dims) };
    return {};
  },
  async run(q) {
    const ms = [];
    for (let i = 0; i < q.runs; i++) {
      const began = process.hrtime.bigint();
      await session.run(feeds);
      ms.push(Number(process.hrtime.bigint() - began) / 1e6);
    }
    return { ms };
  },
  async dump(q) {
    const out = await session.run(feeds);
    const f = fs.openSync(q.file, 'w');
    for (const name of q.names) {
      const d = out[name].data;
      fs.writeSync(f, Buffer.from(d.buffer, d.byteOffset, d.byteLength));
    }
    fs.closeSync(f);
    return {};
  },
};

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let answer;
    try {
      const q = JSON.parse(line);
      answer = await commands[q.command](q);
    } catch (e) {
      answer = { error: String(e.message || e) };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
})();
