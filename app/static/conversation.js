// One conversation: messages, the answer as it arrives, errors, and marks where the moment changed. It has a box of its
// own in the log, so that what arrives late never lands in another persona's conversation.
import { disc, el } from "./dom.js";
import { evidence } from "./facts.js";

export class Conversation {
  constructor(persona) {
    this.persona = persona;
    this.turns = []; // {role, content}, as the service wants them
    this.box = el("div", { className: "turns" });
    this.mark = null;
  }

  get empty() {
    return this.box.childElementCount === 0;
  }

  /** A thin line with a word in it. */
  note(text) {
    this.box.append(el("p", { className: "mark-line" }, el("span", {}, text)));
  }

  /** Tell up to where the next turns speak, if that has changed. */
  moment(text) {
    if (this.mark === text) return;
    this.mark = text;
    this.note(text);
  }

  user(text) {
    this.box.append(el("article", { className: "turn user", "aria-label": "You" }, el("p", { className: "bubble" }, text)));
  }

  /** An answer to come. Returns what fills it. */
  answer() {
    const text = el("p", { className: "bubble" });
    const dots = el("span", { className: "dots", role: "img", "aria-label": `${this.persona.first_name} is thinking` });
    dots.append(el("i"), el("i"), el("i"));
    text.append(dots);
    const body = el("div", { className: "body" }, text);
    const face = disc(el("span", { className: "disc", "aria-hidden": "true" }), this.persona);
    const node = el("article", { className: "turn persona", "aria-label": this.persona.first_name, "aria-busy": "true" }, face, body);
    this.box.append(node);
    let pieces = 0;
    return {
      node,
      piece(piece) {
        dots.remove();
        const span = el("span", { className: "piece" }, piece);
        span.style.animationDelay = `${Math.min(pieces++ * 28, 1600)}ms`;
        text.append(span);
      },
      done(canon, context) {
        const whole = text.textContent;
        node.removeAttribute("aria-busy");
        if (canon) {
          const foot = evidence(canon, context);
          foot.style.animationDelay = `${Math.min(pieces * 28, 1600) + 120}ms`;
          body.append(foot);
        }
        return whole;
      },
    };
  }

  /** A kind word about what went wrong, with a way to try again. */
  trouble(message, again) {
    const retry = el("button", { type: "button", className: "quiet" }, "Try again");
    const node = el("div", { className: "trouble", role: "alert" }, el("p", {}, message), retry);
    retry.addEventListener("click", () => {
      node.remove();
      again();
    });
    this.box.append(node);
  }
}
