// What the server need not know: light or dark, which panels are open, where to scroll, pictures that fail to load.
window.whybuy = (() => {
  const open = new Set();
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  // Gradio closes its stream of answers whenever none is due, and what is asked at that moment can go unheard: when
  // something was sent, or is being answered, and nothing came for a while, ask to see where the visit stands.
  const PATIENCE_MS = 1500;
  const TRIES = 20; // half a minute: a busy server answers late, and what went unheard is shown by nothing else
  let waiting = 0;
  let asked = null; // the turn in sight when something was sent, until another one is
  let tries = 0;
  const turnInSight = () => document.querySelector("#wb-now .wb-turn")?.dataset.turn || "";
  const sent = () => { asked = turnInSight(); tries = 0; waiting = Date.now(); };
  const seen = () => {
    if (asked !== null && turnInSight() !== asked) asked = null;
    waiting = asked !== null || document.querySelector(".wb-stage") ? Date.now() : 0;
  };
  // Quick deeds run side by side and their views may come back in another order: after a burst, look once more.
  const BURST_MS = 1000;
  let lastDeed = 0;
  let look = 0;
  const did = () => {
    const now = Date.now();
    if (now - lastDeed < BURST_MS) {
      clearTimeout(look);
      look = setTimeout(() => window.whybuy.sync?.(), BURST_MS);
    }
    lastDeed = now;
  };
  // The server empties the box once it has taken what was sent; what was typed meanwhile must outlive that.
  const box = () => document.querySelector("#wb-box textarea");
  let given = null; // the words on their way, until the box is seen empty
  let typed = "";
  const give = () => { given = box()?.value || null; typed = ""; };
  const keepTyped = () => {
    if (given === null || !box() || box().value !== "") return;
    given = null;
    if (!typed) return;
    box().value = typed;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("input", (event) => {
    if (given === null || event.target !== box()) return;
    const words = event.target.value;
    typed = words.startsWith(given) ? words.slice(given.length) : words;
    if (words === "") given = null; // emptied by hand
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.target !== box()) return;
    keepTyped();
    give();
  }, true);
  setInterval(keepTyped, 50);

  setInterval(() => {
    if (!waiting || Date.now() - waiting < PATIENCE_MS) return;
    waiting = Date.now();
    if (asked !== null && ++tries > TRIES) asked = null;
    if (asked === null && !document.querySelector(".wb-stage")) waiting = 0;
    window.whybuy.sync?.();
  }, 500);

  const reopen = (element) => {
    for (const panel of element.querySelectorAll("details[data-key]")) {
      if (open.has(panel.dataset.key)) panel.open = true;
    }
  };

  const dress = (theme) => document.body.classList.toggle("dark", theme === "dark");
  const remembered = () => {
    try { return localStorage.getItem("whybuy-theme"); } catch { return null; }
  };
  const preferred = () => window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

  document.addEventListener("toggle", (event) => {
    const panel = event.target;
    if (!(panel instanceof HTMLDetailsElement) || !panel.dataset.key || !panel.isConnected) return;
    if (panel.open) open.add(panel.dataset.key);
  }, true);

  document.addEventListener("click", (event) => {
    const summary = event.target.closest("details[data-key] > summary");
    // Closing is remembered here, where it is meant, and not on `toggle`, which morphing sets off as well.
    if (summary && summary.parentElement.open) open.delete(summary.parentElement.dataset.key);
    const know = document.querySelector(".wb-know[open]");
    if (know && !know.contains(event.target) && event.target.isConnected) shut(know);
    if (event.target.closest("[data-local=theme]")) {
      const theme = document.body.classList.contains("dark") ? "light" : "dark";
      dress(theme);
      try { localStorage.setItem("whybuy-theme", theme); } catch { /* private windows: for this visit only */ }
    }
    if (event.target.closest("#wb-box .submit-button")) { keepTyped(); give(); sent(); }
    const act = event.target.closest("[data-act]");
    if (act && act.dataset.act === "ask") setTimeout(focusEnd, 400);
  }, true);

  const shut = (panel) => { open.delete(panel.dataset.key); panel.open = false; };
  const focusEnd = () => {
    const words = box();
    if (!words) return;
    words.focus();
    words.setSelectionRange(words.value.length, words.value.length);
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target.closest?.("#wb-box textarea")) sent();
    if (event.key !== "Escape") return;
    const know = document.querySelector(".wb-know[open]");
    if (know) { shut(know); know.querySelector("summary").focus(); }
  });

  document.addEventListener("error", (event) => {
    if (event.target instanceof HTMLImageElement) event.target.closest(".wb-frame")?.classList.add("wb-lost");
  }, true);

  const start = () => {
    const wanted = remembered();
    // Gradio sets its own class while starting, more than once: keep ours until it has settled.
    const keep = () => { const theme = remembered() || preferred(); if ((theme === "dark") !== document.body.classList.contains("dark")) dress(theme); };
    if (wanted) dress(wanted);
    new MutationObserver(keep).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (!remembered()) dress(preferred()); });

    // Gradio gives its message box no accessible name.
    const name = () => {
      if (box() && !box().hasAttribute("aria-label")) box().setAttribute("aria-label", "Your message");
    };

    let turn = "";
    new MutationObserver(() => {
      name();
      const last = document.querySelector("#wb-now .wb-turn");
      const seen = last ? last.dataset.turn : "";
      if (seen !== turn && last) last.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" });
      turn = seen;
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-turn"] });
    name();
  };
  // Gradio adds this script to the head by itself, often after the document is complete.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  return { reopen, sent, seen, did };
})();
