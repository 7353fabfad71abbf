"""What is acknowledged is on the disk: files, journals, increments, and vectors that are never made twice."""
