"""Errors of the assistant; their base, shared with the index, is `index.errors.WhybuyError`."""

from index.errors import WhybuyError


class BadRequestError(WhybuyError):
    """The caller sent something that cannot be answered. The message never quotes what was sent, but for those words of
    a query that nobody could read."""


class UnknownConversationError(WhybuyError):
    """No such conversation, or it belongs to somebody else: the two look alike on purpose."""


class ConflictError(WhybuyError):
    """The same key was used before with other content, or two turns raced for one number."""


class UnusableReplyError(WhybuyError):
    """The model answered with something that is not what was asked; `raw` keeps its words."""

    def __init__(self, message: str, *, raw: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.raw = raw


class ModelUnavailableError(WhybuyError):
    """The model did not answer in time, or not at all."""

    retryable = True


class StorageError(WhybuyError):
    """The database did not take or give what was asked of it."""

    retryable = True
