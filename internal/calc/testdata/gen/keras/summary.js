// Builds the models of topology.py and a few of its own with tf.layers, the layers of Keras in JavaScript, and writes what they
// print (NAME.tfjs.txt) and their rows and totals as data (NAME.rows.json), from which summary.py prints tables.
//
//     npm i @tensorflow/tfjs && node summary.js DIR
const fs = require('fs'), path = require('path');
const tf = require('@tensorflow/tfjs');

const dir = process.argv[2];

function write(name, model) {
  const lines = [];
  model.summary(undefined, undefined, (s) => lines.push(s));
  fs.writeFileSync(path.join(dir, name + '.tfjs.txt'), lines.join('\n') + '\n');
  const sum = (l) => l.reduce((n, w) => n + w.shape.reduce((a, b) => a * b, 1), 0);
  const rows = model.layers.map((l) => ({
    name: l.name, type: l.getClassName(), shape: l.outputShape, params: l.countParams(), trainable: sum(l.trainableWeights) > 0 ? 'Y' : l.countParams() ? 'N' : '-',
    inputs: l.inboundNodes.flatMap((n) => n.inboundLayers.map((x, i) => `${x.name}[${n.nodeIndices[i]}][${n.tensorIndices[i]}]`)),
  }));
  const total = sum(model.weights), trainable = sum(model.trainableWeights);
  fs.writeFileSync(path.join(dir, name + '.rows.json'), JSON.stringify({ name: model.name, sequential: model instanceof tf.Sequential, total, trainable, rows }));
  console.log(name, rows.length, 'layers', total, 'parameters', trainable, 'trainable; tf.layers', tf.version['tfjs-layers']);
}

async function main() {
  await tf.setBackend('cpu');
  const L = tf.layers;
  write('digits', tf.sequential({ name: 'sequential', layers: [
    L.conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation: 'relu' }), L.maxPooling2d({ poolSize: 2 }), L.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }), L.maxPooling2d({ poolSize: 2 }),
    L.flatten(), L.dropout({ rate: 0.5 }), L.dense({ units: 10, activation: 'softmax' })] }));
  write('separable', tf.sequential({ name: 'sequential_1', layers: [
    L.conv2d({ inputShape: [64, 64, 3], filters: 32, kernelSize: 3, padding: 'same', useBias: false }), L.batchNormalization({}), L.reLU({}), L.separableConv2d({ filters: 64, kernelSize: 3, padding: 'same' }), L.averagePooling2d({ poolSize: 2 }),
    L.conv2d({ filters: 48, kernelSize: [1, 7], padding: 'same' }), L.globalAveragePooling2d({}), L.dense({ units: 5 })] }));
  // A head on a base that is one layer of its own, and a layer that no calculator knows.
  const base = tf.sequential({ name: 'base', layers: [L.conv2d({ inputShape: [32, 32, 3], filters: 8, kernelSize: 3 }), L.batchNormalization({})] });
  base.trainable = false;
  write('nested', tf.sequential({ name: 'sequential_2', layers: [base, L.upSampling2d({ size: [2, 2] }), L.conv2dTranspose({ filters: 4, kernelSize: 3 }), L.globalAveragePooling2d({}), L.dense({ units: 3 })] }));
  for (const f of fs.readdirSync(dir).filter((f) => f.endsWith('.topology.json'))) {
    const topology = JSON.parse(fs.readFileSync(path.join(dir, f)));
    write(f.replace('.topology.json', ''), await tf.loadLayersModel({ load: async () => ({ modelTopology: topology }) }, { strict: false }));
    tf.disposeVariables();
  }
}
main();
