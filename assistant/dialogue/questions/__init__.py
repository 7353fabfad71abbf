"""Questions beside a request, and what the records, the shelf and the ledger answer."""
