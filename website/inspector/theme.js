// Before the page is drawn: the theme of the machine, until a reader chooses one for this visit.
const dark = matchMedia("(prefers-color-scheme: dark)");
const show = (isDark) => { document.documentElement.dataset.theme = isDark ? "dark" : "light"; };
show(dark.matches);
dark.addEventListener("change", () => show(dark.matches));
addEventListener("DOMContentLoaded", () => {
  document.querySelector("#theme").addEventListener("click", () => show(document.documentElement.dataset.theme !== "dark"));
});
