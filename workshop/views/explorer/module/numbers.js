// How is a number shown? With the same rounding as everywhere in the house.
//
// The files of this folder are joined in one order and served as one module; see
// `static.py`. The browser holds counts at a few hundred cuts. It adds them up, evaluates
// Wilson's interval and that of a mean, and fills sentences that it was handed; whatever
// else is known was computed before. What people wrote is only ever set as text.

const NOT_KNOWN = "–";
const ENGLISH = { decimal: ".", group: ",", minus: "−", sizes: [3, 3] };

// Those of the page's language, which come with the numbers: what the browser itself
// takes for them may differ.
let signs = ENGLISH;

function speak(state) {
  signs = state.signs ?? ENGLISH;
}

function halfEven(value) {
  const near = Math.round(value);
  return Math.abs(value % 1) === 0.5 && near % 2 !== 0 ? near - 1 : near;
}

function digits(whole) {
  const [last, others] = signs.sizes;
  const ends = new RegExp(`\\B(?=(\\d{${others}})*\\d{${last}}$)`, "g");
  const text = String(Math.abs(whole)).replace(ends, signs.group);
  return whole < 0 ? signs.minus + text : text;
}

const whole = (value) => digits(halfEven(value));

function oneDecimal(value) {
  // Of two equally near the even one; toFixed would take the larger.
  const even = (value * 4) % 4 === 1 ? (value - 0.05).toFixed(1) : value.toFixed(1);
  return even.replace("-", signs.minus).replace(".", signs.decimal);
}

function ofHundred(value) {
  const small = value !== 0 && Math.abs(value) < 0.05;
  return small ? oneDecimal(100 * value) : whole(100 * value);
}

function twoFigures(value, to) {
  const few = Math.abs(value) < 100;
  const size = few ? 1 : 10 ** (String(Math.trunc(Math.abs(value))).length - 2);
  // A float's last digits must not push an end that is exact one further out.
  return digits(to(halfEven((value / size) * 1e6) / 1e6) * size);
}

const people = (value) => twoFigures(value, halfEven);
// Outward, so that a range never tells less than it is.
const peopleLow = (value) => twoFigures(value, Math.floor);
const peopleHigh = (value) => twoFigures(value, Math.ceil);

const FORMATS = {
  of100: ["value", ofHundred],
  lo100: ["lo", ofHundred],
  hi100: ["hi", ofHundred],
  whole: ["value", whole],
  k: ["k", whole],
  n: ["n", whole],
  people: ["value", people],
  lo_people: ["lo", peopleLow],
  hi_people: ["hi", peopleHigh],
};

function shown(number, format) {
  const [part, write] = FORMATS[format];
  const value = number[part];
  return value === null || value === undefined ? NOT_KNOWN : write(value);
}

// A sentence in pieces, so that its numbers can be set apart on the page.
function pieces(template, values) {
  const found = [];
  let end = 0;
  for (const match of template.matchAll(/\{(\w+)(?::(\w+))?\}/g)) {
    found.push({ text: template.slice(end, match.index), number: false });
    const [all, name, format] = match;
    const text = format ? shown(values[name], format) : String(values[name]);
    found.push({ text, number: Boolean(format) });
    end = match.index + all.length;
  }
  found.push({ text: template.slice(end), number: false });
  return found.filter((piece) => piece.text);
}

const fill = (template, values = {}) =>
  pieces(template, values)
    .map((piece) => piece.text)
    .join("");
