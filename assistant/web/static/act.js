// One delegated listener per part of the page. What was pressed is sent as plain strings: an `act` leads to an answer
// and waits in the queue, a `deed` is done at once, a `draft` begins a question in the message box.
const deeds = new Set(["like", "dislike", "compare", "forget", "personalise", "shopper", "stop"]);
const send = (act, item, id) => {
  if (act === "ask") return trigger("draft", { act, item, id });
  if (deeds.has(act)) {
    window.whybuy.did();
    return trigger("deed", { act, item, id });
  }
  window.whybuy.sent();
  trigger("act", { act, item, id });
};
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button) send(button.dataset.act, button.dataset.item || "", button.dataset.id || "");
});
element.addEventListener("change", (event) => {
  const select = event.target.closest("select[data-act]");
  if (select) send(select.dataset.act, "", select.value);
});
watch("value", () => {
  window.whybuy.seen();
  // Gradio's morphing drops `open`, which the server does not know of: put it back before the browser paints.
  window.whybuy.reopen(element);
});
if (element.closest("#wb-now")) window.whybuy.sync = () => trigger("deed", { act: "sync", item: "", id: "" });
