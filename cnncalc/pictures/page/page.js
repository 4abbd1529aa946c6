(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const byRow = new Map(data.rows.map((row, place) => [row.i, place]));
  const root = document.documentElement;

  // ------------------------------------------------------------------ the receptive field of a place
  let chosen = -1;
  let places = [];
  let pointed = data.input.map((size) => size / 2);

  // The first and the last pixel that a place of a map depends on along one axis: looked up, not worked out.
  const span = (table, place) => {
    if (table.x && table.x[place]) return table.x[place];
    const turn = Math.floor(place / table.f.length) * table.s;
    const rest = place % table.f.length;
    return [table.f[rest] + turn, table.l[rest] + turn];
  };
  const middle = (table, place) => {
    const [first, last] = span(table, place);
    return (first + last + 1) / 2;
  };
  const isEmpty = ([first, last]) => first > last;
  // The place whose field has its middle nearest to a pixel; a place that sees none is not near to any.
  const nearest = (table, pixel) => {
    const far = (place) => (isEmpty(span(table, place)) ? Infinity : Math.abs(middle(table, place) - pixel));
    let best = 0;
    for (let place = 1; place < table.n; place++) if (far(place) < far(best)) best = place;
    return best;
  };
  const tables = () => (data.rows[chosen].axes || []).map((number) => data.fields[number]);
  const place = () => {
    places = tables().map((table, axis) => nearest(table, pointed[axis]));
  };
  const set = (element, values) => {
    for (const name in values) element.setAttribute(name, values[name]);
  };
  function drawField() {
    const frame = one("#field");
    const row = data.rows[chosen];
    const found = tables();
    one("#seen").textContent = fieldWords(row, found) + (row.others || "");
    if (!frame) return;
    one("#input").hidden = Boolean(row.elsewhere);
    if (row.elsewhere) return;
    const spans = found.map((table, axis) => span(table, places[axis]));
    const flat = spans.slice(-2);
    const empty = !flat.length || spans.some(isEmpty);
    frame.style.display = one("#centre").style.display = empty ? "none" : "";
    if (empty) return;
    const view = one("#frame svg").viewBox.baseVal;
    const [across, down] = [flat[flat.length - 1], flat.length > 1 ? flat[0] : [0, view.height - 1]];
    const box = one("#frame").getBoundingClientRect();
    const dot = Math.max(box.width, box.height) / 70;
    set(frame, { x: across[0], y: down[0], width: across[1] - across[0] + 1, height: down[1] - down[0] + 1 });
    set(one("#centre"), { cx: (across[0] + across[1] + 1) / 2, cy: (down[0] + down[1] + 1) / 2, rx: dot * view.width / box.width, ry: dot * view.height / box.height });
  }

  // As `trace` and `explain` say it: places and pixels are counted from 1.
  function fieldWords(row, found) {
    if (!found.length) return row.whole ? `Receptive field${data.of ? ` of ${data.of}` : ""}: ${row.whole}.` : "";
    const spans = found.map((table, axis) => span(table, places[axis]));
    const who = row.places.length === found.length
      ? `Value [${places.map((at) => at + 1).join(",")}] of ${row.places.join("×")}` : "Every value";
    const seen = spans.map(([first, last], axis) => [Math.max(0, first), Math.min(data.input[axis] - 1, last)]);
    if (seen.some(isEmpty)) return `${who} depends on no pixel of ${data.of || "the input"}.`;
    const many = (count, name) => `${count.toLocaleString("en")} ${name}${count > 1 ? "s" : ""}`;
    const inside = seen.map(([first, last], axis) => {
      const [name, size] = [data.axes[axis], data.input[axis]];
      if (last - first + 1 === size && size > 1) return `all ${many(size, name)}`;
      const [from, to, of] = [first + 1, last + 1, size].map((count) => count.toLocaleString("en"));
      return first === last ? `${name} ${from} of ${of}` : `${name}s ${from} to ${to} of ${of}`;
    });
    const pads = spans.flatMap(([first, last], axis) => {
      const long = last - first + 1;
      const [before, after] = [-first, last - data.input[axis] + 1].map((count) => Math.min(long, count));
      return [[before, "before the first"], [after, "after the last"]]
        .filter(([count]) => count > 0).map(([count, where]) => `${many(count, data.axes[axis])} ${where}`);
    });
    const size = spans.map(([first, last]) => last - first + 1).join("×");
    const padding = pads.length ? `, and padding: ${pads.join(", ")}` : "";
    const pixels = `${size} ${/^1(×1)*$/.test(size) ? "pixel" : "pixels"}${data.of ? ` of ${data.of}` : ""}`;
    return `${who} depends on ${row.most ? "at most " : ""}${pixels}: ${inside.join(" and ")}${padding}.`;
  }

  // ------------------------------------------------------------------ the formulas of a line
  // What is around the numbers is held once for all lines of a kind; everything in it is markup made for this page.
  const formulas = one("#formulas");
  function drawFormulas() {
    if (!formulas.open) return;
    const [kind, numbers] = data.rows[chosen].formulas || [];
    const given = (numbers || "").split(" ");
    one("#formula").innerHTML = kind === undefined
      ? "The page has no room for these; cnncalc explain shows them."
      : data.formulas[kind].map((around, at) => around + (given[at] || "")).join("");
  }
  formulas.addEventListener("toggle", drawFormulas);

  // ------------------------------------------------------------------ one line is chosen everywhere
  const rowsOf = (element) => element.dataset.rows.split("-").map(Number);
  const groups = all("svg [data-rows]").map((element) => [element, ...rowsOf(element)]);
  let pinned = -1; // the line that stays chosen wherever the mouse goes; -1 while it chooses

  function choose(at, first, last) {
    if (at === undefined || !data.rows.length) return;
    chosen = at;
    const row = data.rows[at];
    one("#name bdi").textContent = row.text;
    one("#shape").textContent = row.in ? `${row.in} → ${row.out}` : row.out;
    one("#counts").textContent = `${row.params.toLocaleString("en")} parameters, ${row.macs.toLocaleString("en")} MACs`;
    drawFormulas();
    const maps = one("#maps");
    if (maps) {
      const known = row.map !== undefined;
      maps.hidden = !known;
      if (known) set(maps, { src: data.maps[row.map], alt: `Maps of ${row.name}` });
      one("#about").textContent = known ? data.abouts[row.about] : "No maps are shown for this line.";
    }
    const slider = one("#choice");
    slider.value = at;
    slider.setAttribute("aria-valuetext", `${row.text}, ${row.out}`);
    for (const line of all("tr.on")) line.classList.remove("on", "chosen");
    for (let i = first ?? row.i; i <= (last ?? row.i); i++) one(`#r${i}`)?.classList.add("on");
    one(`#r${row.i}`)?.classList.add("chosen");
    for (const [element, from, to] of groups) element.classList.toggle("on", from <= row.i && row.i <= to);
    place();
    drawField();
  }
  const setPin = (at) => {
    pinned = at ?? -1;
    one("aside").classList.toggle("pinned", pinned >= 0);
    one("#pin").textContent = pinned >= 0
      ? "This line stays chosen. Escape, or a second click on it, ends that." : "Click a line to keep it chosen.";
  };
  const chooseByMouse = (...which) => { if (pinned < 0) choose(...which); };
  const click = (at, first, last) => {
    const again = pinned >= 0 && pinned === at && chosen === at;
    choose(at, first, last);
    setPin(again ? -1 : at);
  };
  addEventListener("keydown", (event) => { if (event.key === "Escape") setPin(-1); });

  for (const [element, first, last] of groups) {
    const at = byRow.get(last);
    const show = () => choose(at, first, last);
    const open = () => { click(at, first, last); reveal(last); };
    element.addEventListener("mouseenter", () => chooseByMouse(at, first, last));
    element.addEventListener("focus", show);
    element.addEventListener("click", open);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      open();
    });
  }
  // One listener for all lines of the table: a net may have a thousand.
  const onLine = (chooses) => (event) => {
    const line = event.target.closest("tr.layer");
    if (line) chooses(byRow.get(Number(line.id.slice(1))));
  };
  one("#layers tbody").addEventListener("mouseover", onLine(chooseByMouse));
  one("#layers tbody").addEventListener("click", onLine(click));
  one("#choice").addEventListener("input", (event) => {
    const at = Number(event.target.value);
    choose(at);
    setPin(at);
  });

  // ------------------------------------------------------------------ folding
  const folds = all("button[data-fold]");
  const openAll = one("#fold-all");
  const folded = data.folded;
  const fold = (button, open) => {
    button.setAttribute("aria-expanded", open);
    for (const line of all(`tr[data-block="${button.dataset.fold}"]`)) line.hidden = !open;
  };
  const foldAll = (open) => {
    for (const button of folds) fold(button, open);
    if (openAll) openAll.textContent = open ? "Fold the blocks" : "Open all blocks";
  };
  function reveal(row) {
    const line = one(`#r${row}`);
    if (line?.hidden) fold(one(`button[data-fold="${line.dataset.block}"]`), true);
  }
  for (const button of folds)
    button.addEventListener("click", () => fold(button, button.getAttribute("aria-expanded") !== "true"));
  openAll?.addEventListener("click", () => foldAll(openAll.textContent === "Open all blocks"));

  // ------------------------------------------------------------------ sorting
  const body = one("#layers tbody");
  const order = [...body.rows];
  const say = (text) => { one("#sorted").textContent = text; };
  const unsort = () => {
    for (const head of all("#layers th[aria-sort]")) head.removeAttribute("aria-sort");
    for (const line of order) line.hidden = false;
    body.append(...order);
  };
  function sort(button) {
    const head = button.closest("th");
    const key = button.dataset.key;
    const before = head.getAttribute("aria-sort");
    unsort();
    if (key === "i" || before === "ascending") {
      foldAll(!folded);
      say("In the network's order.");
      return;
    }
    const largest = before !== "descending";
    head.setAttribute("aria-sort", largest ? "descending" : "ascending");
    // "whole" is larger than any number; a line without a number is below all others, however they are sorted.
    const value = (line) => {
      const known = data.rows[byRow.get(Number(line.id.slice(1)))][key];
      return known === "whole" ? Number.MAX_VALUE : known ?? (largest ? -Infinity : Infinity);
    };
    const layers = order.filter((line) => line.classList.contains("layer"));
    layers.sort((a, b) => (value(a) === value(b) ? 0 : (value(a) < value(b)) === largest ? 1 : -1));
    for (const line of order) line.hidden = !line.classList.contains("layer");
    body.append(...layers);
    say(`Sorted by ${button.textContent}, ${largest ? "largest" : "smallest"} first.`);
  }
  for (const button of all("#layers thead button")) button.addEventListener("click", () => sort(button));
  addEventListener("beforeprint", unsort);

  // ------------------------------------------------------------------ a place of the input
  const frame = one("#frame");
  if (frame) {
    const size = data.input.slice(-2);
    const point = (event) => {
      const box = frame.getBoundingClientRect();
      const across = ((event.clientX - box.left) / box.width) * size[size.length - 1];
      const down = ((event.clientY - box.top) / box.height) * size[0];
      pointed = size.length > 1 ? [...pointed.slice(0, -2), down, across] : [across];
      place();
      drawField();
    };
    frame.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" || event.buttons) point(event);
    });
    frame.addEventListener("pointerdown", point);
    const steps = { ArrowUp: [-2, -1], ArrowDown: [-2, 1], ArrowLeft: [-1, -1], ArrowRight: [-1, 1] };
    frame.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      const axis = places.length + step[0];
      if (axis < 0 || !places.length) return;
      const table = tables()[axis];
      places[axis] = Math.min(table.n - 1, Math.max(0, places[axis] + step[1]));
      if (!isEmpty(span(table, places[axis]))) pointed[axis] = middle(table, places[axis]);
      drawField();
    });
  }

  // ------------------------------------------------------------------ light or dark
  const theme = one("#theme");
  const modes = ["auto", "light", "dark"];
  theme.addEventListener("click", () => {
    const mode = modes[(modes.indexOf(root.dataset.theme || "auto") + 1) % 3];
    root.dataset.theme = mode;
    theme.textContent = `Theme: ${mode}`;
  });

  const asked = /^#r(\d+)$/.exec(location.hash);
  choose(byRow.get(asked ? Number(asked[1]) : data.first) ?? 0);
})();
