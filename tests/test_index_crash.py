"""The harness of `bench/index_crash.py` in small: with the defences on nothing breaks, with them off it must."""

from pathlib import Path

import pytest

from bench.index_crash import DAMAGES, KINDS, corruptions, flips, journal_kills, kills

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),  # the child is killed or ends by _exit
]


def test_a_kill_leaves_exactly_the_version_before_or_after(tmp_path: Path) -> None:
    outcomes = kills(tmp_path, 40, seed=5)
    assert outcomes["exactly n or n+1"] == 40
    assert outcomes["litter after the next build"] == 0


def test_writing_over_the_files_in_use_breaks_them(tmp_path: Path) -> None:
    outcomes = kills(tmp_path, 40, seed=5, naive=True)
    assert outcomes["unreadable"] + outcomes["mixed"] > 0


def test_a_kill_loses_no_acknowledged_increment(tmp_path: Path) -> None:
    outcomes = journal_kills(tmp_path, 40, seed=5)
    assert (outcomes["lost"], outcomes["exactly n or n+1"]) == (0, 40)
    assert outcomes["acknowledged"] > 40


def test_acknowledging_before_the_disk_has_it_loses_increments(tmp_path: Path) -> None:
    assert journal_kills(tmp_path, 30, seed=5, forgetful=True)["lost"] > 0


def test_every_flipped_bit_in_any_artefact_is_found_at_start(tmp_path: Path) -> None:
    assert flips(tmp_path, 30, seed=5) == {"refused": 7 * 30}


def test_every_damaged_index_is_refused(tmp_path: Path) -> None:
    found = corruptions(tmp_path, 20, seed=5)
    assert set(found) == {(kind, damage) for kind in KINDS for damage in DAMAGES}
    assert all(tally == {"refused": 20} for tally in found.values())


def test_without_the_hashes_damage_goes_unnoticed(tmp_path: Path) -> None:
    found = corruptions(tmp_path, 3, seed=5, defended=False)
    silent = sum(tally[name] for tally in found.values() for name in tally if name.startswith("silent"))
    wrong = sum(tally["silent, wrong answers"] for tally in found.values())
    assert silent > 0.2 * 3 * len(found)
    assert wrong > 0
