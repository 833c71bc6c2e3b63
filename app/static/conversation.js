// One conversation as it is seen: turns, the answer to come, errors, and marks where the moment changed. It has a box
// of its own in the log, so that what arrives late never lands in another persona's conversation.
import { kept } from "./api.js";
import { disc, el, iconButton } from "./dom.js";
import { evidence } from "./facts.js";
import { t } from "./language.js";
import { whyBox } from "./why.js";

const PACE = 28; // milliseconds from one word to the next

export class Conversation {
  /** `deeds` is what can be done with a turn: {edit(index, text), regenerate(index), branch(turn), stand(turn id)}. */
  constructor(show, persona, deeds, opened = null) {
    this.show = show;
    this.persona = persona;
    this.deeds = deeds;
    this.id = opened?.conversation.id ?? null;
    this.draft = ""; // what stands in the composer
    this.box = el("div", { className: "turns" });
    this.paint(opened?.turns ?? []);
  }

  get empty() {
    return this.box.childElementCount === 0;
  }

  /** The id of the last turn. */
  get leaf() {
    return this.turns.at(-1)?.id ?? null;
  }

  /** Show these turns and nothing else. */
  paint(turns) {
    this.turns = turns;
    this.mark = null;
    this.box.replaceChildren();
    turns.forEach((turn, index) => {
      this.moment(turn.as_of, turn.knows);
      if (turn.role === "user") this.user(turn.content).done(turn, index);
      else this.answer().done(turn, index, false);
    });
  }

  /** A thin line with a word in it. */
  note(text) {
    this.box.append(el("p", { className: "mark-line" }, el("span", {}, text)));
  }

  /** Tell up to where the next turns speak, if that has changed. */
  moment(asOf, knows) {
    const place = asOf === this.show.last_episode ? t("wholeSeries") : t("upTo", { episode: asOf });
    const text = knows === "viewer" ? t("asViewer", { moment: place }) : place;
    if (this.mark === text) return;
    this.mark = text;
    this.note(text);
  }

  /** The user's words. Returns what is called once they are stored. */
  user(text) {
    const bubble = el("p", { className: "bubble" }, text);
    const node = el("article", { className: "turn user", "aria-label": t("you") }, bubble);
    this.box.append(node);
    return {
      done: (turn, index) => {
        const edit = iconButton("edit", t("edit"), () => this.editor(node, turn, index));
        node.prepend(el("div", { className: "tools" }, ...this.versions(turn), edit));
      },
    };
  }

  /** An answer to come. Returns its node and what fills it. */
  answer() {
    const text = el("p", { className: "bubble" });
    const dots = el("span", { className: "dots", role: "img", "aria-label": t("thinking", { name: this.persona.first_name }) });
    dots.append(el("i"), el("i"), el("i"));
    text.append(dots);
    const body = el("div", { className: "body" }, text);
    const face = disc(el("span", { className: "disc", "aria-hidden": "true" }), this.persona);
    const node = el("article", { className: "turn persona", "aria-label": this.persona.first_name, "aria-busy": "true" }, face, body);
    this.box.append(node);
    return {
      node,
      done: (turn, index, arriving = true) => {
        node.removeAttribute("aria-busy");
        const words = arriving ? inWords(turn.content) : [turn.content];
        text.replaceChildren(...words);
        const foot = evidence(turn.canon, { show: this.show.id, asOf: turn.as_of, transcripts: this.show.transcripts });
        const again = iconButton("again", t("regenerate"), () => this.deeds.regenerate(index));
        again.classList.add("last-only");
        const branch = iconButton("branch", t("branch"), () => this.deeds.branch(turn));
        foot.querySelector(".verdict").append(el("div", { className: "tools" }, ...this.versions(turn), again, branch));
        if (arriving) foot.style.animationDelay = `${Math.min(words.length * PACE, 1600) + 120}ms`;
        else foot.classList.add("still");
        foot.append(whyBox(() => kept.why(this.id, turn.id)));
        body.append(foot);
      },
    };
  }

  /** ‹ 2/3 ›, where a turn has others in its place. */
  versions(turn) {
    const all = turn.siblings;
    if (all.length < 2) return [];
    const at = all.indexOf(turn.id);
    const go = (to) => () => this.deeds.stand(all[to]);
    const before = iconButton("before", t("versionBefore"), go(at - 1));
    const after = iconButton("after", t("versionAfter"), go(at + 1));
    before.disabled = at === 0;
    after.disabled = at === all.length - 1;
    const count = el("span", { className: "count", role: "img", "aria-label": t("version", { n: at + 1, all: all.length }) });
    count.textContent = `${at + 1}/${all.length}`;
    return [before, count, after];
  }

  /** Put an editor in the place of a turn of the user's. */
  editor(node, turn, index) {
    const area = el("textarea", { value: turn.content, maxLength: 4000, rows: 2, "aria-label": t("editing") });
    const save = el("button", { type: "submit", className: "quiet strong" }, t("save"));
    const cancel = el("button", { type: "button", className: "quiet" }, t("cancel"));
    const form = el("form", { className: "editor" }, area, el("div", { className: "row" }, cancel, save));
    const close = () => {
      form.replaceWith(node);
      node.querySelector(".tool:last-child").focus();
    };
    cancel.addEventListener("click", close);
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === area) {
        event.preventDefault();
        form.requestSubmit();
      }
      if (event.key === "Escape") event.stopPropagation();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = area.value.trim();
      if (text && !this.deeds.busy()) this.deeds.edit(index, text);
    });
    node.replaceWith(form);
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }

  /** A kind word about what went wrong, with a way to try again. */
  trouble(message, again) {
    const retry = el("button", { type: "button", className: "quiet" }, t("again"));
    const node = el("div", { className: "trouble", role: "alert" }, el("p", {}, message), retry);
    retry.addEventListener("click", () => {
      node.remove();
      again();
    });
    this.box.append(node);
  }
}

/** The text word by word, each appearing a little later than the one before. */
function inWords(text) {
  return (text.match(/\s*\S+\s*/g) ?? [text]).map((word, place) => {
    const span = el("span", { className: "piece" }, word);
    span.style.animationDelay = `${Math.min(place * PACE, 1600)}ms`;
    return span;
  });
}
