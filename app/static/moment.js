// "I have watched up to …": a slider over all episodes, season marks, and what the character or the viewer knows.
import { byId, el } from "./dom.js";
import { t } from "./language.js";

/** Wire the dial to a show; `onChange(episode)` is called when the moment has changed. */
export function moment(onChange) {
  const slider = byId("slider");
  const label = byId("episode");
  const hint = byId("moment-hint");
  const marks = byId("seasons");
  let episodes = [];

  const shown = () => episodes[Number(slider.value)];

  function paint() {
    const episode = shown();
    const last = Number(slider.value) === episodes.length - 1;
    const [season, number] = [Number(episode.slice(1, 3)), Number(episode.slice(4))];
    label.textContent = episode;
    const place = t("place", { season, number });
    slider.setAttribute("aria-valuetext", last ? `${place}, ${t("wholeSeries")}` : place);
    const share = episodes.length > 1 ? Number(slider.value) / (episodes.length - 1) : 1;
    slider.style.setProperty("--share", `${share * 100}%`);
    hint.textContent = t(last ? "hintAll" : "hintLater");
    byId("earlier").disabled = Number(slider.value) === 0;
    byId("later").disabled = last;
    for (const mark of marks.children) {
      mark.setAttribute("aria-label", t("season", { season: mark.dataset.season }));
      mark.setAttribute("aria-pressed", String(mark.dataset.season === String(season)));
    }
  }

  function move(index) {
    slider.value = String(index);
    paint();
    onChange(shown());
  }

  slider.addEventListener("input", paint);
  slider.addEventListener("change", () => onChange(shown()));
  byId("earlier").addEventListener("click", () => move(Number(slider.value) - 1));
  byId("later").addEventListener("click", () => move(Number(slider.value) + 1));

  return {
    paint,
    get episode() {
      return shown();
    },
    /** Take over a show's episodes, at `episode` where it has that one, else at the last. */
    use(show, episode) {
      episodes = show.seasons.flatMap((season) => season.episodes);
      slider.max = String(episodes.length - 1);
      marks.style.gridTemplateColumns = show.seasons.map((season) => `${season.episodes.length}fr`).join(" ");
      marks.replaceChildren(
        ...show.seasons.map((season) => {
          const mark = el("button", { type: "button" }, String(season.season));
          mark.dataset.season = String(season.season);
          mark.addEventListener("click", () => move(episodes.indexOf(season.episodes.at(-1))));
          return mark;
        }),
      );
      const at = episodes.indexOf(episode);
      slider.value = String(at < 0 ? episodes.length - 1 : at);
      paint();
    },
  };
}
