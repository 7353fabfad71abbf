"""Gradio's `gr.HTML` without eval, so that the page's Content-Security-Policy can forbid it.

The component turns its template, its style and its `js_on_load` into functions with `Function(...)`, which a policy
without `unsafe-eval` refuses. What it asks for is known beforehand: with the default template, `${value}`, they are
constants and the value itself, and `js_on_load` is ours. The script made here answers those requests with functions
written out, and leaves every other one to the browser, which refuses it.
"""

import json
from string import Template

_SCRIPT = Template("""(() => {
  const native = window.Function;
  const known = new Map([$known]);
  const written = (names, body) => {
    if (known.has(body)) return known.get(body);
    const text = body.trim();
    if (text === "return `$${value}`;") return (...values) => String(values[names.indexOf("value")]);
    if (text === "return ``;") return () => "";
    const constant = /^return ("(?:[^"\\\\]|\\\\.)*");?$$/.exec(text);
    if (constant === null) return null;
    const value = JSON.parse(constant[1]);
    return () => value;
  };
  const Written = function (...parts) {
    const body = String(parts.pop() ?? "");
    return written(parts.flatMap((part) => String(part).split(",")), body) ?? native(...parts, body);
  };
  Written.prototype = native.prototype;
  window.Function = Written;
})();
""")


def no_eval_script(*on_load: str) -> str:
    """A `<script>` for the page's head, to stand before any other.

    `on_load` are the texts given to `gr.HTML` as `js_on_load`, exactly; every `gr.HTML` must keep the default
    `html_template` and `css_template`.

    Raises:
        ValueError: a text cannot stand in an inline script.
    """
    if any("</script" in text.lower() or "<!--" in text for text in on_load):
        raise ValueError("js_on_load must hold neither </script nor <!--")
    known = ",\n".join(
        f"[{json.dumps(text)}, function (element, trigger, props, server, upload, watch) {{\n{text}\n}}]"
        for text in on_load
    )
    return f"<script>{_SCRIPT.substitute(known=known)}</script>"
