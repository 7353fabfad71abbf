"""Our own line icons, as inline SVG that takes the colour of the text around it."""

_PATHS = {
    "up": "M7 11v9H4v-9zM7 11l4-7c1.4 0 2.3 1.1 2 2.5L12.3 10H18a2 2 0 0 1 2 2.4l-1.2 6A2 2 0 0 1 16.9 20H7",
    "down": "M17 13V4h3v9zM17 13l-4 7c-1.4 0-2.3-1.1-2-2.5L11.7 14H6a2 2 0 0 1-2-2.4l1.2-6A2 2 0 0 1 7.1 4H17",
    "similar": "M4 4h10v10H4zM10 17v3h10V10h-3",
    "compare": "M12 4v16M5 7h4v10H5zM15 7h4v10h-4z",
    "ask": "M4 5h16v11H10l-4 4v-4H4zM9 10.5h6",
    "close": "M6 6l12 12M18 6L6 18",
    "star": "M12 4l2.4 5.1 5.6.7-4.1 3.9 1 5.6-4.9-2.7-4.9 2.7 1-5.6L4 9.8l5.6-.7z",
    "sun": "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19"
    "M5 19l1.4-1.4M17.6 6.4L19 5",
    "moon": "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c.8-3.5 3.8-5.5 7.5-5.5s6.7 2 7.5 5.5",
    "arrow": "M5 12h14M13 6l6 6-6 6",
    "picture": "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5h.01",
    "stop": "M7 7h10v10H7z",
    "check": "M5 12.5l4.5 4.5L19 7.5",
}


def icon(name: str) -> str:
    """The icon as SVG markup, 1em square, hidden from screen readers: put words beside it or in `aria-label`.

    Raises:
        KeyError: there is no icon of that name.
    """
    return (
        '<svg class="wb-icon" viewBox="0 0 24 24" width="1em" height="1em" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        f'<path d="{_PATHS[name]}"/></svg>'
    )
