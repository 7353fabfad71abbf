"""The report of `python -m bench.index`: a part that is run again replaces its own section and no other."""

from bench.index import section


def test_a_section_is_added_at_the_end_and_replaced_in_place() -> None:
    report = section("# The index, measured\n", "filters", "first")
    report = section(report, "growth", "grows")
    report = section(report, "filters", r"second \\1")
    assert report == (
        "# The index, measured\n\n## Filtered search against other engines\n\nsecond \\\\1\n\n"
        "## From ten thousand to a million\n\ngrows\n"
    )
