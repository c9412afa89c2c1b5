// 100 people in the order of the axis, and the sentence that they stand for.

const CELL_OF = ["left_alone", "missed", "asked", "asked", "false_alarm", "caught"];
const IS_POSITIVE = [false, true, false, true, false, true];
const ROWS_OF_PEOPLE = 5;

function peoplePicture(view) {
  const { texts } = view.state;
  const tiles = Array.from({ length: 100 }, (_, i) => tile(i));
  const picture = svg(
    "svg",
    { class: "cgx-people-svg", viewBox: "0 0 622 182", role: "img" },
    ...tiles.map(({ node }) => node),
  );
  const legend = peopleLegend(view.state);
  const table = peopleTable(view);
  const title = fill(texts.people_title, { unit: view.state.unit });
  const node = h(
    "div",
    { class: "cgx-people" },
    h("h4", { text: title }),
    picture,
    legend.node,
    table.node,
  );
  const draw = (now, said) => {
    setTiles(tiles, now.people);
    setAttribute(picture, "aria-label", `${title}: ${said.people_alt}`);
    legend.draw(said);
    table.draw(now, said);
  };
  return { node, draw };
}

// One person on a tile, column by column from the left, as the axis runs.
function tile(i) {
  const x = 31 * Math.floor(i / ROWS_OF_PEOPLE) + 2;
  const y = 36 * (i % ROWS_OF_PEOPLE) + 2;
  const node = svg("g", { transform: `translate(${x} ${y})` });
  return { node, kind: -1 };
}

function tileParts(kind) {
  const person = figure(IS_POSITIVE[kind]);
  person.setAttribute("transform", "translate(1.6 1.6) scale(1.24)");
  return [svg("rect", { class: "cgx-tile", width: 28, height: 33, rx: 4 }), person];
}

// Only people whose place has changed hands are drawn again.
function setTiles(tiles, shares) {
  let i = 0;
  shares.forEach((share, kind) => {
    for (const end = i + share; i < end; i++) {
      if (tiles[i].kind === kind) continue;
      tiles[i].kind = kind;
      tiles[i].node.setAttribute("class", `cgx-person cgx-${CELL_OF[kind]}`);
      tiles[i].node.replaceChildren(...tileParts(kind));
    }
  });
}

function peopleLegend({ texts }) {
  const counts = {};
  const items = FIVE.map((name) => {
    counts[name] = h("strong");
    const kind = CELL_OF.lastIndexOf(name);
    const sample = svg(
      "svg",
      { viewBox: "-2 -2 32 37", class: `cgx-person cgx-${name}`, "aria-hidden": "true" },
      ...tileParts(kind),
    );
    const means = h("small", { text: texts[`${name}_means`] });
    return h("li", {}, sample, counts[name], h("span", { text: texts[name] }), means);
  });
  const draw = (said) => {
    FIVE.forEach((name, i) => {
      setText(counts[name], said[name]);
      items[i].classList.toggle("cgx-none", said[name] === "0");
    });
  };
  return { node: h("ul", { class: "cgx-legend" }, ...items), draw };
}

function peopleTable(view) {
  const { texts } = view.state;
  const heads = ["col_people", "col_of100", "col_rows"].map((name) => texts[name]);
  return twin(view, "table-people", heads, (_, said) =>
    FIVE.map((name) => ({ cells: [texts[name], said[name], said[`${name}_rows`]] })),
  );
}

// The sentence; readers of screens hear it once the line has come to rest.
function sentenceBlock(view) {
  const said = h("p", { class: "cgx-sentence" });
  const heard = h("p", { class: "cgx-heard", "aria-live": "polite" });
  const notes = view.state.notes.map((text) => h("p", { class: "cgx-quiet", text }));
  let wait = 0;
  const draw = (now) => {
    // What is drawn again without a move, as after a save, is no news.
    if (!setPieces(said, sentence(view.state, now))) return;
    clearTimeout(wait);
    wait = setTimeout(() => setText(heard, said.textContent), 500);
  };
  const node = h("div", { class: "cgx-says" }, said, heard, ...notes);
  return { node, draw, stop: () => clearTimeout(wait) };
}
