// A neighbourhood drawn: the centre, a circle a neighbour around it, a line with a word to each. Whatever is drawn
// again moves to its new place; what is new grows out of the centre.
const NS = "http://www.w3.org/2000/svg";
const TIME = 420; // milliseconds from one drawing to the next
const LETTER = 5.4; // pixels, about, of the small type on a line
const MIDDLE = 34; // radius of the centre, in pixels as all lengths here
const CROWD = 14; // more neighbours than this stand in two rings

function shape(name, attributes = {}, ...children) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Draw into `svg`; `pick(id)` is called when a neighbour is clicked, `colourOf(name)` gives a persona's colour. */
export function drawing(svg, pick, colourOf) {
  const edges = shape("g", { class: "edges" });
  const nodes = shape("g", { class: "nodes" });
  const items = new Map(); // key -> {x, y, seen, from, to, node, edge, line, word}
  let middle = null;
  let begun = 0;
  let frame = 0;
  svg.replaceChildren(edges, nodes);

  function item(key) {
    const line = shape("line");
    const word = shape("text", { class: "word" });
    const made = { line, word, edge: shape("g", {}, line, word), node: shape("g", { "data-key": key }) };
    const at = middle ? { x: middle.x, y: middle.y } : size();
    Object.assign(made, { x: at.x, y: at.y, seen: 0 });
    edges.append(made.edge);
    nodes.append(made.node);
    items.set(key, made);
    return made;
  }

  /** The centre of the drawing, and how far from it one may draw. */
  function size() {
    const { width, height } = svg.getBoundingClientRect();
    svg.setAttribute("viewBox", `0 0 ${Math.max(width, 1)} ${Math.max(height, 1)}`);
    return { x: width / 2, y: height / 2 - 6, rx: Math.max(width / 2 - 56, 60), ry: Math.max(height / 2 - 42, 60) };
  }

  /** `found` is {centre: {key, name}, neighbours}; without `moving` everything is there at once. */
  function draw({ centre, neighbours }, moving = true) {
    const box = size();
    const gone = new Set(items.keys());
    const places = around(neighbours, box);
    const put = (key, dress, x, y) => {
      const it = items.get(key) ?? item(key);
      gone.delete(key);
      dress(it);
      it.to = { x, y, seen: 1 };
      return it;
    };
    middle = put(centre.key, (it) => dressed(it, { ...centre, holds: true }, MIDDLE), box.x, box.y);
    neighbours.forEach((neighbour, place) => {
      const { x, y, room, at } = places[place];
      put(neighbour.key, (it) => dressed(it, neighbour, radius(neighbour), room, at), x, y);
    });
    for (const key of gone) items.get(key).to = { x: box.x, y: box.y, seen: 0 };
    for (const it of items.values()) it.from = { x: it.x, y: it.y, seen: it.seen };
    begun = performance.now();
    cancelAnimationFrame(frame);
    const still = !moving || matchMedia("(prefers-reduced-motion: reduce)").matches;
    step(still ? begun + TIME : begun);
  }

  function radius(neighbour) {
    if (colourOf(neighbour.name)) return 19;
    return neighbour.type === "person" || neighbour.type === "animal" ? 15 : 7;
  }

  /** What a circle looks like, and what is written at it; `room` is how long the word on its line may be. */
  function dressed(it, what, r, room = 0, at = 0.5) {
    const colour = colourOf(what.name);
    const fits = what.word && what.word.length * LETTER <= room;
    it.at = at;
    it.node.setAttribute("class", ["node", what.group ?? "centre", what.holds ? "" : "past", colour ? "main" : ""].join(" "));
    it.node.classList.toggle("open", Boolean(what.group && what.id));
    if (colour) it.node.style.setProperty("--tone", colour);
    else it.node.style.removeProperty("--tone");
    it.edge.setAttribute("class", what.holds ? "edge" : "edge past");
    const word = what.incoming ? `← ${what.word}` : what.word;
    it.word.textContent = fits ? word : "";
    const texts = what.group ? [shape("text", { class: "name", y: r + 14 }, shortened(what.name))] : [];
    if (r > 10) texts.push(initial(what, r));
    if (what.word && !fits) texts.push(shape("text", { class: "word", y: r + 26 }, word));
    const title = shape("title", {}, what.word ? `${what.name}: ${what.word}` : what.name);
    it.node.replaceChildren(title, shape("circle", { r, class: "disc-shape" }), ...texts);
    it.node.onclick = what.group && what.id ? () => pick(what.id) : null;
    it.line.toggleAttribute("hidden", !what.group);
  }

  function step(now) {
    const share = Math.min(1, Math.max(0, (now - begun) / TIME));
    const eased = 1 - (1 - share) ** 3;
    for (const it of items.values()) {
      for (const name of ["x", "y", "seen"]) it[name] = it.from[name] + (it.to[name] - it.from[name]) * eased;
    }
    for (const it of items.values()) place(it);
    if (share < 1) {
      frame = requestAnimationFrame(step);
      return;
    }
    for (const [key, it] of items) {
      if (it.to.seen) continue;
      it.node.remove();
      it.edge.remove();
      items.delete(key);
    }
  }

  function place(it) {
    const [dx, dy] = [it.x - middle.x, it.y - middle.y];
    it.node.setAttribute("transform", `translate(${it.x} ${it.y})`);
    it.node.style.opacity = it.edge.style.opacity = it.seen;
    const ends = { x1: middle.x, y1: middle.y, x2: it.x, y2: it.y };
    for (const [name, value] of Object.entries(ends)) it.line.setAttribute(name, value);
    let turn = (Math.atan2(dy, dx) * 180) / Math.PI;
    if (turn > 90 || turn < -90) turn += 180; // never upside down
    it.word.setAttribute("transform", `translate(${middle.x + dx * it.at} ${middle.y + dy * it.at}) rotate(${turn}) translate(0 -4)`);
  }

  return { draw };
}

/** What stands in a circle: the first letter; in the middle the first name, where there is room. */
function initial(what, r) {
  const first = what.name.split(" ")[0];
  const whole = !what.group && first.length <= 8;
  const [text, height] = whole ? [first, 13.5] : [what.name.slice(0, 1), r * 0.98];
  return shape("text", { class: "initial", y: height * 0.35, "font-size": height }, text);
}

/** Angles that cut an ellipse into pieces of equal length: from a share of the way around, clockwise from the top. */
function pace(rx, ry) {
  const lengths = [0];
  const at = (step) => (step / 360) * 2 * Math.PI - Math.PI / 2;
  for (let step = 0; step < 360; step += 1) {
    const [a, b] = [at(step), at(step + 1)];
    lengths.push(lengths[step] + Math.hypot((Math.cos(b) - Math.cos(a)) * rx, (Math.sin(b) - Math.sin(a)) * ry));
  }
  return (share) => at(lengths.findIndex((length) => length >= share * lengths[360]));
}

/** Places around the centre: clockwise from the top, a gap between groups, two rings where there are many. */
function around(neighbours, box) {
  const gap = 0.55; // of the way from one neighbour to the next
  const groups = new Set(neighbours.map((neighbour) => neighbour.group)).size;
  const slots = neighbours.length + (groups > 1 ? groups * gap : 0);
  const crowded = neighbours.length > CROWD;
  const angleAt = pace(box.rx, box.ry);
  let slot = 0;
  return neighbours.map((neighbour, place) => {
    if (place && neighbours[place - 1].group !== neighbour.group) slot += gap;
    const angle = angleAt(slot / slots);
    slot += 1;
    const ring = crowded ? (place % 2 ? 1 : 0.66) : 0.88;
    const [x, y] = [Math.cos(angle) * box.rx * ring, Math.sin(angle) * box.ry * ring];
    const far = Math.hypot(x, y);
    const until = crowded && ring === 1 ? far * 0.66 : far; // where the circles of the inner ring begin
    const name = Math.max(0, -Math.sin(angle)) * 18; // above the centre, the name stands on the line
    const room = until - MIDDLE - 26 - name;
    return { x: box.x + x, y: box.y + y, room, at: (MIDDLE + (until - MIDDLE - name) / 2 - 6) / far };
  });
}

function shortened(name) {
  return name.length > 20 ? `${name.slice(0, 18).trimEnd()}…` : name;
}
