// What do the counts come to? The twin of the analysis, and of no more than it.

const CELLS = ["tp", "fp", "fn", "tn", "asked_positive", "asked_negative"];
const FIVE = ["left_alone", "missed", "asked", "false_alarm", "caught"];
const LEAST_ACTED_ON = 20;
const known = new WeakMap();

// Ends of ranges travel in thousandths.
const fine = (end) => (end === null ? null : end / 1000);

function fromSteps(steps) {
  const counts = [steps[0]];
  for (let i = 1; i < steps.length; i++) counts.push(counts[i - 1] - steps[i]);
  return counts;
}

function decoded(counts) {
  if (!known.has(counts)) {
    known.set(counts, { tp: fromSteps(counts.tp), fp: fromSteps(counts.fp) });
  }
  return known.get(counts);
}

function cellsAt(counts, act, ask) {
  const { tp, fp } = decoded(counts);
  return {
    tp: tp[act],
    fp: fp[act],
    fn: counts.positives - tp[ask],
    tn: counts.negatives - fp[ask],
    asked_positive: tp[ask] - tp[act],
    asked_negative: fp[ask] - fp[act],
  };
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const sizeOf = (cells) => sum(CELLS.map((cell) => cells[cell]));
const count = (value) => ({ value });

// Wilson's interval for k of n, at n / deff with the same share.
function rate(z, k, n, deff = 1) {
  if (n === 0) return { value: null, k: 0, n: 0, lo: null, hi: null };
  const p = k / n;
  const size = n / deff;
  const shrink = 1 + (z * z) / size;
  const centre = (p + (z * z) / (2 * size)) / shrink;
  const spread = (p * (1 - p)) / size + (z * z) / (4 * size * size);
  const half = (z * Math.sqrt(spread)) / shrink;
  const lo = k === 0 ? 0 : Math.min(p, Math.max(0, centre - half));
  const hi = k === n ? 1 : Math.max(p, Math.min(1, centre + half));
  return { value: p, k, n, lo, hi };
}

function ratesOf(z, cells, deff) {
  const acted = cells.tp + cells.fp;
  const asked = cells.asked_positive + cells.asked_negative;
  const positives = cells.tp + cells.fn + cells.asked_positive;
  const of = (k, n) => rate(z, k, n, deff);
  return {
    coverage: of(acted, sizeOf(cells)),
    error_among_answered: of(cells.fp, acted),
    precision: of(cells.tp, acted),
    recall: of(cells.tp, positives),
    asked: of(asked, sizeOf(cells)),
    reached: of(cells.asked_positive, positives),
  };
}

const steady = (value) => Number(value.toPrecision(12));

// What a week is worth, with the normal interval of a mean.
function worthAWeek(state, worth, cells, deff) {
  const n = sizeOf(cells);
  const mean = sum(CELLS.map((cell) => cells[cell] * worth[cell])) / n;
  const apart = CELLS.map((cell) => cells[cell] * (worth[cell] - mean) ** 2);
  const half = state.z * Math.sqrt(((sum(apart) / n) * deff) / n);
  const [value, lo, hi] = [mean, mean - half, mean + half].map((end) =>
    steady(end * state.per_week),
  );
  return { value, lo, hi };
}

// Share out a total by largest remainder; of equals the first gets more.
function allocate(counts, total) {
  const n = sum(counts);
  if (n === 0) return counts.map(() => 0);
  const shares = counts.map((k) => Math.floor((k * total) / n));
  const order = counts.map((_, i) => i);
  order.sort((a, b) => ((counts[b] * total) % n) - ((counts[a] * total) % n) || a - b);
  for (const place of order.slice(0, total - sum(shares))) shares[place] += 1;
  return shares;
}

function fromLeft(cells) {
  const { tp, fp, fn, tn, asked_positive, asked_negative } = cells;
  return [tn, fn, asked_negative, asked_positive, fp, tp];
}

const pairs = (six) => [six.slice(0, 2), six.slice(2, 4), six.slice(4)];
const pairSums = (six) => pairs(six).map(sum);

function peopleOf(cells) {
  const six = fromLeft(cells);
  const totals = allocate(pairSums(six), 100);
  return pairs(six).flatMap((pair, i) => allocate(pair, totals[i]));
}

function five([left, missed, askedNo, askedYes, falseAlarm, caught]) {
  return [left, missed, askedNo + askedYes, falseAlarm, caught];
}

// The difference is counted here; its range was computed for each cut to act from.
function groupGap({ groups, gap }, act) {
  const errors = new Map();
  for (const { column, counts } of groups) {
    const { tp, fp } = decoded(counts);
    const acted = tp[act] + fp[act];
    if (acted < LEAST_ACTED_ON) continue;
    errors.set(column, [...(errors.get(column) ?? []), fp[act] / acted]);
  }
  const gaps = [...errors.values()]
    .filter((found) => found.length > 1)
    .map((found) => Math.max(...found) - Math.min(...found));
  const value = gaps.length ? Math.max(...gaps) : null;
  return { value, lo: fine(gap.lo[act]), hi: fine(gap.hi[act]) };
}
