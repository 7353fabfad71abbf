"""The errors every package here raises: what went wrong, and what to do next."""


class WhybuyError(Exception):
    """Base of all our errors.

    Attributes:
        hint: what the reader can do next, or "".
        retryable: whether the same call may succeed later, unchanged.
        fields: the parts of what was sent that are at fault, e.g. `constraints.0.value`; never their values.
    """

    retryable: bool = False

    def __init__(self, message: str, *, hint: str = "", fields: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.hint = hint
        self.fields = fields


class SetupError(WhybuyError):
    """The operator erred: a setting, a path, a missing package."""


class CatalogueError(WhybuyError):
    """A catalogue could not be read; `rows` holds one line per fault."""

    def __init__(self, message: str, *, hint: str = "", rows: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.rows = rows


class WeightsError(SetupError):
    """A model's weights are missing, of a refused format, or not the pinned ones."""


class SnapshotError(WhybuyError):
    """A snapshot is missing, damaged, or made for other models than those configured."""


class EngineError(SetupError):
    """The engine that searches vectors is elsewhere, and does not answer or refused."""

    retryable = True


class PictureError(WhybuyError):
    """Bytes that are not a picture we accept. The message never quotes the decoder."""


class UnknownItemError(WhybuyError):
    """The catalogue has no item with that id."""
