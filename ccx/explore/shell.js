// The front end of every explorer: native controls, the picture that Python drew and the sentence that goes with it.
// It knows nothing of any lesson. It tells Python what the hand has done and shows the frame that comes back.

const SPOKEN_AFTER = 700; // ms of rest before a screen reader hears the sentence
const ANSWERED_WITHIN = 4000; // ms until the student is told that nothing comes back
// JupyterLab and Notebook take arrow keys and letters for their own shortcuts, unless an element says this.
const KEEP_KEYS = { "data-lm-suppress-shortcuts": "true" };

function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function nearest(stops, value) {
  return stops.reduce((best, stop, i) => (Math.abs(stop - value) < Math.abs(stops[best] - value) ? i : best), 0);
}

function slider({ name, label, stops, words }, moved) {
  const id = `ccx-${Math.random().toString(36).slice(2)}`;
  const input = make("input", { type: "range", id, min: 0, max: stops.length - 1, step: 1, ...KEEP_KEYS });
  // Not an <output>: that is a live region, and would say each value a second time.
  const value = make("span", { class: "ccx-value", "aria-hidden": "true" });
  const say = () => {
    value.textContent = words[input.value];
    input.setAttribute("aria-valuetext", words[input.value]);
  };
  input.addEventListener("input", () => {
    say();
    moved(name, stops[input.value]);
  });
  const show = (state) => {
    input.value = nearest(stops, state[name]);
    say();
  };
  return { node: make("div", { class: "ccx-control" }, make("label", { for: id }, label), input, value), show };
}

function button(label, pressed) {
  const node = make("button", { type: "button", ...KEEP_KEYS }, label);
  node.addEventListener("click", pressed);
  return node;
}

function onPanel(event) {
  const panel = event.target.closest("svg[data-panel]");
  if (!panel) return null;
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(panel.getScreenCTM().inverse());
  return [panel.dataset.panel, at.x, at.y];
}

function render({ model, el }) {
  const me = Math.random().toString(36).slice(2);
  const queue = [];
  let n = 0;
  let answered = 0;
  let width, spoken, unanswered;

  // One thing at a time, in the order of the hand: a click is not overtaken, and of a slider's values the newest is asked.
  const next = () => {
    if (!queue.length || answered < n) return;
    n += 1;
    clearTimeout(unanswered);
    unanswered = setTimeout(silent, ANSWERED_WITHIN);
    try {
      model.send({ ...queue.shift(), id: [me, n] });
    } catch {
      // The kernel that knew this explorer is gone.
      silent();
    }
  };
  const silent = () => (waits.textContent = model.get("silence"));
  const act = (message) => {
    const last = queue.at(-1);
    if (message.set && last?.set) Object.assign(last.set, message.set);
    else queue.push(message);
    next();
  };

  const controls = model.get("sliders").map((one) => slider(one, (name, value) => act({ set: { [name]: value } })));
  const buttons = model.get("buttons").map(({ name, label }) => button(label, () => act({ press: name })));
  const reset = button("Reset", () => act({ reset: true }));
  const waits = make("span", { class: "ccx-waits", role: "alert" });
  const picture = make("div", { class: "ccx-picture", role: "img" });
  picture.addEventListener("click", (event) => {
    const click = onPanel(event);
    if (click) act({ click });
  });
  const summary = make("p", { class: "ccx-summary" });
  const goal = make("p", { class: "ccx-goal" });
  const status = make("div", { class: "ccx-spoken", role: "status" });
  const task = make("p", {}, make("strong", {}, "Task. "), model.get("task"));
  const root = make("div", { class: "ccx-explorer", role: "group", "aria-label": "Explorer" });
  root.append(task, ...controls.map((one) => one.node), make("div", { class: "ccx-buttons" }, ...buttons, reset, waits));
  root.append(picture, summary, goal, status);

  const paint = () => {
    const frame = model.get("frame");
    picture.innerHTML = frame.picture;
    picture.setAttribute("aria-label", frame.text);
    summary.textContent = frame.text;
    goal.textContent = frame.goal;
    // What stands below stays where it is when a sentence gets a line shorter.
    if (width !== root.clientWidth) summary.style.minHeight = "";
    width = root.clientWidth;
    summary.style.minHeight = `${summary.offsetHeight}px`;
    clearTimeout(spoken);
    spoken = setTimeout(() => (status.textContent = `${frame.text} ${frame.goal}`), SPOKEN_AFTER);
    if (frame.id[0] === me) answered = frame.id[1];
    if (answered === n) {
      clearTimeout(unanswered);
      waits.textContent = "";
    }
    // While the hand is already further, the sliders are the hand's.
    if (answered === n && !queue.length) for (const control of controls) control.show(frame.state);
    next();
  };

  // A picture without Python behind it must not look alive: the still one gives way when Python has answered.
  const still = (hidden) => {
    for (const node of el.closest(".jp-OutputArea")?.querySelectorAll(".ccx-still") ?? []) node.hidden = hidden;
  };
  const alive = () => {
    if (root.isConnected) return;
    el.append(root);
    still(true);
    paint();
  };
  model.on("change:frame", paint);
  model.on("msg:custom", alive);
  model.send({ hello: true });
  return () => {
    clearTimeout(unanswered);
    clearTimeout(spoken);
    still(false);
  };
}

export default { render };
