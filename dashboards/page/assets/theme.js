// Dark at night whatever the system says, so that nothing flashes in a bedroom; by day as the system has it.
// A plain script, not a module: it must run before anything is drawn.
(() => {
  const hour = new Date().getHours();
  const chosen = localStorage.getItem("theme") ?? "auto";
  const isNight = hour >= 20 || hour < 8;
  const isDark = chosen === "dark" || (chosen === "auto" && (isNight || matchMedia("(prefers-color-scheme: dark)").matches));
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
})();
