"""Numbers in a message: prices, measures, sizes and ages, and which way each of them limits."""
