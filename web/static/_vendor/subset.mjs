// subset.mjs OUT LOW HIGH cuts Pretendard to the characters on standard input and to a range of weights, writes OUT as woff2 and
// prints the code points that the font has, as JSON. It is called by the program beside it.
import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import fontverter from 'fontverter';
import { Blob, Face } from 'harfbuzzjs';
import subset from 'subset-font';

const [out, low, high] = process.argv.slice(2);
const source = await readFile(new URL('node_modules/pretendard/dist/web/variable/woff2/PretendardVariable.woff2', import.meta.url));
const font = await subset(source, await text(process.stdin), { targetFormat: 'truetype', variationAxes: { wght: { min: +low, max: +high, default: +low } } });
// The licence reserves the name Pretendard for the whole font. A name of the same length keeps the table's layout.
const bytes = (s) => Buffer.from(s, 'utf16le').swap16();
for (let at = font.indexOf(bytes('Pretendard')); at >= 0; at = font.indexOf(bytes('Pretendard'), at)) bytes('StrideText').copy(font, at);
await writeFile(out, await fontverter.convert(font, 'woff2', 'truetype'));
console.log(JSON.stringify([...new Face(new Blob(font), 0).collectUnicodes()]));
