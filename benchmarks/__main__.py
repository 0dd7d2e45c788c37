"""Run every benchmark: ``make bench``."""

from __future__ import annotations

from benchmarks import (
    anjana,
    attack,
    cells,
    large_file,
    lattice,
    local,
    models,
    profile,
    report,
    screen,
    slider,
)

if __name__ == "__main__":
    slider.main()
    models.main()
    lattice.main()
    profile.main()
    local.main()
    cells.main()
    anjana.main()
    attack.main()
    large_file.main()
    report.main()
    screen.main()
