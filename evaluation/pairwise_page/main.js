// Shows one pair after another. Every text goes in as a text node; which reply is whose isn't known here.

const byId = (id) => document.getElementById(id);
const KEYS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "both", ArrowDown: "neither" };
let shown = null;
let busy = false;

function show(state) {
  shown = state.pair;
  byId("count").textContent = `${state.done} of ${state.of} judged`;
  byId("progress").max = state.of;
  byId("progress").value = state.done;
  byId("undo").disabled = state.done === 0;
  byId("pair").hidden = shown === null;
  byId("over").hidden = shown !== null;
  if (shown === null) return;
  byId("who").textContent = `${shown.persona} is asked, as of ${shown.as_of}:`;
  byId("question").textContent = shown.question;
  for (const side of ["left", "right"]) {
    const text = byId(side);
    text.textContent = shown[side] || "(says nothing)";
    text.classList.toggle("nothing", !shown[side]);
  }
}

async function call(path, body) {
  if (busy) return;
  busy = true;
  document.body.classList.add("busy");
  try {
    const sent = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(path, sent);
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error.message);
    byId("trouble").textContent = "";
    show(answer);
  } catch (error) {
    byId("trouble").textContent = `Not kept: ${error.message}`;
  } finally {
    busy = false;
    document.body.classList.remove("busy");
  }
}

function choose(choice) {
  if (shown !== null) call("/api/choice", { id: shown.id, choice });
}

function undo() {
  if (!byId("undo").disabled) call("/api/undo", {});
}

for (const button of document.querySelectorAll("[data-choice]")) {
  button.addEventListener("click", () => choose(button.dataset.choice));
}
byId("undo").addEventListener("click", undo);
document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return; // a held key judges one pair, not twenty
  if (event.key in KEYS) {
    event.preventDefault();
    choose(KEYS[event.key]);
  } else if (event.key === "u") {
    undo();
  }
});
call("/api/pair");
