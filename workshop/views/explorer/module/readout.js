// What is said while the lines stand at two cuts? The twin of `readout.py`.

// Everything that the page says while the lines stand at cuts `act` and `ask`.
export function readout(state, act, ask) {
  speak(state);
  const now = measure(state, act, ask);
  return {
    sentence: sentence(state, now)
      .map((piece) => piece.text)
      .join(""),
    ...position(state, now),
    ...peopleTexts(state, now),
    curve: curveText(state, now),
    ...worthTexts(state, now),
    ...groupTexts(state, act, ask),
    ...limitTexts(state, now),
  };
}

function measure(state, act, ask) {
  const cells = cellsAt(state.counts, act, ask);
  const rates = ratesOf(state.z, cells, state.counts.deff);
  return { act, ask, cells, rates, people: peopleOf(cells) };
}

function sentence(state, { act, cells, rates }) {
  const acted = cells.tp + cells.fp;
  const asked = cells.asked_positive + cells.asked_negative;
  let kind = asked ? "sentence_band" : "sentence";
  if (acted === 0) kind = asked ? "sentence_asked" : "sentence_none";
  else if (act === 0) kind = "sentence_all";
  const values = { ...rates, error: rates.error_among_answered };
  return pieces(state.texts[kind], { unit: state.unit, wrong: state.wrong, ...values });
}

function position(state, { act, ask, rates, people: shares }) {
  const { texts } = state;
  const [idle, asked, acted] = pairSums(shares).map(count);
  const last = state.cuts.length - 1;
  const kind = { 0: "spoken_all", [last]: "spoken_none" }[act] ?? "spoken";
  const left = state.fallback ? texts.left_says : texts.left;
  const spokenAsk = act > ask ? texts.spoken_ask : texts.spoken_ask_none;
  const error = rates.error_among_answered;
  return {
    bar: state.shown[act],
    bar_ask: state.shown[ask],
    left: fill(left, { count: idle, fallback: state.fallback }),
    middle: fill(texts.middle, { count: asked }),
    right: fill(texts.right, { count: acted, act: state.act }),
    spoken: fill(texts[kind], { cut: state.shown[act], ...rates, error }),
    spoken_ask: fill(spokenAsk, { cut: state.shown[ask], asked }),
  };
}

function peopleTexts(state, { cells, people: shares }) {
  const of100 = five(shares);
  const rows = five(fromLeft(cells));
  const texts = { people: shares.join(" ") };
  const counts = {};
  FIVE.forEach((name, i) => {
    counts[name] = count(of100[i]);
    texts[name] = whole(of100[i]);
    texts[`${name}_rows`] = whole(rows[i]);
  });
  texts.people_alt = fill(state.texts.people_alt, counts);
  return texts;
}

function curveText(state, { rates }) {
  if (rates.precision.n === 0) return state.texts.curve_none;
  return fill(state.texts.curve_point, rates);
}

function worthTexts(state, { cells }) {
  const texts = {};
  for (const name of ["money", "minutes"]) {
    const worth = state[name];
    if (!worth) continue;
    const value = worthAWeek(state, worth, cells, state.counts.deff);
    texts[name] = worthText(state, worth, value);
  }
  return texts;
}

// Money may stand before its number, where a language has it so.
const worthText = (state, worth, value) =>
  fill(worth.now ?? state.texts.money_now, { value, unit: worth.unit });

function rateText(state, number) {
  if (number.value === null) return state.texts.cell_none;
  const ranged = number.lo !== null && number.lo !== undefined;
  return fill(state.texts[ranged ? "cell_rate" : "cell_share"], { rate: number });
}

function groupTexts(state, act, ask) {
  const texts = {};
  if (!state.groups.length) return texts;
  rowsOfGroups(state).forEach(({ key, counts }) => {
    const rates = ratesOf(state.z, cellsAt(counts, act, ask), counts.deff);
    texts[`${key}_share`] = rateText(state, rates.coverage);
    texts[`${key}_error`] = rateText(state, rates.error_among_answered);
    texts[`${key}_found`] = rateText(state, rates.recall);
  });
  return texts;
}

function rowsOfGroups(state) {
  const overall = { key: "overall", name: state.texts.overall, counts: state.counts };
  const groups = state.groups.map((group, i) => ({ ...group, key: `group${i}` }));
  return [overall, ...groups];
}

function limitTexts(state, now) {
  const texts = {};
  for (const [name, bound] of Object.entries(state.limits)) {
    const number = limitNow(state, name, now);
    const text =
      name === "reviews_per_week" ? whole(number.value) : rateText(state, number);
    texts[`${name}_now`] = text;
    texts[`${name}_state`] = state.texts[limitState(name, number, bound)];
    texts[`${name}_range`] = crosses(number, bound) ? state.texts.crosses : "";
  }
  return texts;
}

function limitNow(state, name, { act, ask, cells, rates }) {
  if (name === "reviews_per_week") {
    const asked = cells.asked_positive + cells.asked_negative;
    return count(steady((asked / sizeOf(cells)) * state.per_week));
  }
  if (name === "max_group_difference") return groupGap(state, act);
  return rates[name.replace(/^(min|max)_/, "")];
}

function limitState(name, { value }, bound) {
  if (value === null) return "cannot_tell";
  const kept = name.startsWith("min_") ? value >= bound : value <= bound;
  return kept ? "holds" : "broken";
}

const crosses = ({ lo, hi }, bound) =>
  lo !== null && lo !== undefined && lo < bound && bound < hi;
