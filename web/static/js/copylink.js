import { say } from './swap.js';

// The share button copies the address of exactly this view instead of opening it.
export function copying() {
  document.addEventListener('click', async (e) => {
    const a = e.target.closest?.('a[data-copy]');
    if (!a || !navigator.clipboard || e.metaKey || e.ctrlKey) return;
    e.preventDefault();
    const place = a.getAttribute('href');
    try {
      await navigator.clipboard.writeText(new URL(place, location.href).href);
    } catch {
      location.assign(place);
      return;
    }
    const done = document.body.dataset.copied, text = a.lastChild;
    say(done);
    if (text.nodeType !== Node.TEXT_NODE) return;
    const before = text.data;
    text.data = done;
    setTimeout(() => (text.data = before), 1600);
  });
}
