"""How the embedded shop's pictures are drawn: vector shapes, one family a module, rendered by `assistant.demo.draw`."""
