// Keys turn the slides: left and right, space, the keys for pages, the first, the last.
// Up and down scroll, for a slide that is taller than the screen.

const slides = [...document.querySelectorAll(".kit-slide")];
const BACK = new Set(["ArrowLeft", "PageUp", "Backspace"]);
const ON = new Set(["ArrowRight", "PageDown", " ", "Enter"]);

function here() {
  const middle = innerHeight / 2;
  return Math.max(0, slides.findIndex((one) => one.getBoundingClientRect().bottom > middle));
}

function go(place) {
  const slide = slides[Math.min(Math.max(place, 0), slides.length - 1)];
  slide.scrollIntoView();
  slide.focus({ preventScroll: true });
}

function target(event) {
  if (event.key === "Home") return 0;
  if (event.key === "End") return slides.length - 1;
  if (ON.has(event.key)) return here() + (event.shiftKey ? -1 : 1);
  return BACK.has(event.key) ? here() - 1 : null;
}

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const place = target(event);
  if (place === null) return;
  event.preventDefault();
  go(place);
});
