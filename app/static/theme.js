// Sets the theme before the first paint; a plain script, so that a dark page never flashes white.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("canon.theme");
  } catch {
    // storage is switched off: the system's preference stands
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
