import { say } from './swap.js';

// Pictures: choosing a file sends it at once; a picture may also be dropped on the page or pasted. Large ones are made smaller
// here first, which also turns formats that only the browser reads into JPEG. A refusal is shown where the picker is.

const most = 1024;

export function upload() {
  document.addEventListener('change', (e) => {
    const input = e.target.closest?.('input[type=file][data-submit]');
    if (input?.files[0]) send(input.files[0], input.form, input.accept.startsWith('image'));
  });
  const carries = (e) => [...(e.dataTransfer?.types || [])].includes('Files');
  document.addEventListener('dragover', (e) => {
    if (!carries(e)) return;
    e.preventDefault();
    target()?.classList.add('dropping');
  });
  document.addEventListener('dragleave', (e) => e.relatedTarget || target()?.classList.remove('dropping'));
  document.addEventListener('drop', (e) => {
    if (!carries(e)) return;
    e.preventDefault();
    target()?.classList.remove('dropping');
    if (e.dataTransfer.files[0]) send(e.dataTransfer.files[0], document.querySelector('form[data-drop]'), true);
  });
  document.addEventListener('paste', (e) => {
    const file = [...(e.clipboardData?.files || [])].find((f) => f.type.startsWith('image/'));
    if (file) send(file, document.querySelector('form[data-drop]'), true);
  });
  document.addEventListener('click', (e) => {
    const label = e.target.closest?.('label[data-camera]');
    if (!label || !navigator.mediaDevices?.getUserMedia || matchMedia('(pointer: coarse)').matches) return;
    e.preventDefault();
    camera(label);
  });
}

const target = () => document.querySelector('form[data-drop]')?.closest('.src') || document.querySelector('[data-image-chip]');

// shrink gives a picture at most 1,024 pixels wide and high; what the browser cannot read goes as it is, the server decides.
async function shrink(file) {
  if (!file.type.startsWith('image/') || file.type === 'image/gif') return file;
  try {
    const img = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const k = most / Math.max(img.width, img.height);
    if (k >= 1 && /jpeg|png|webp/.test(file.type) && file.size < 4e6) return file;
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(img.width * Math.min(k, 1)));
    canvas.height = Math.max(1, Math.round(img.height * Math.min(k, 1)));
    const paper = canvas.getContext('2d');
    paper.fillStyle = '#fff';
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.imageSmoothingQuality = 'high';
    paper.drawImage(img, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob((b) => done(b || file), 'image/jpeg', 0.92));
  } catch {
    return file;
  }
}

async function send(file, form, picture) {
  const data = new FormData();
  const fields = form ? form.querySelectorAll('input[type=hidden]') : [];
  for (const f of fields) data.append(f.name, f.value);
  if (!form) data.append('return', location.pathname + location.search);
  const name = form?.querySelector('input[type=file]')?.name || 'file';
  data.append(name, picture ? await shrink(file) : file, picture ? 'picture' : file.name);
  const action = form?.getAttribute('action') || document.querySelector('[data-image-chip]')?.getAttribute('href');
  if (!action) return;
  let answer;
  try {
    answer = await fetch(action, { method: 'POST', body: data, headers: { Accept: 'text/html' } });
  } catch {
    form?.submit();
    return;
  }
  if (answer.ok) {
    location.assign(answer.url);
    return;
  }
  const doc = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const notice = doc.querySelector('.notice.err'), place = document.querySelector('[data-upload-error]');
  if (notice && place) place.replaceChildren(document.adoptNode(notice));
  else say(doc.querySelector('main p, main h1')?.textContent || '');
  form?.reset();
}

async function camera(label) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 960 } });
  } catch {
    const place = document.querySelector('[data-upload-error]');
    if (place) place.textContent = document.body.dataset.camera;
    return;
  }
  const [d, video, row, take, close] = ['dialog', 'video', 'p', 'button', 'button'].map((tag) => document.createElement(tag));
  d.setAttribute('aria-label', label.textContent.trim());
  video.autoplay = video.muted = video.playsInline = true;
  video.srcObject = stream;
  video.className = 'finderv';
  take.className = 'btn pri';
  take.textContent = label.dataset.camera;
  close.className = 'btn';
  close.textContent = document.body.dataset.close;
  row.append(take, ' ', close);
  d.append(video, row);
  d.addEventListener('close', () => {
    for (const t of stream.getTracks()) t.stop();
    d.remove();
  });
  close.addEventListener('click', () => d.close());
  take.addEventListener('click', () => {
    if (!video.videoWidth) return;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext('2d').drawImage(video, 0, 0);
    canvas.toBlob((b) => { d.close(); if (b) send(b, label.closest('form'), true); }, 'image/jpeg', 0.92);
  });
  document.body.append(d);
  d.showModal();
}
