"""Run every benchmark: ``make bench``."""

from __future__ import annotations

from benchmarks import large_file, lattice, models, slider

if __name__ == "__main__":
    slider.main()
    models.main()
    lattice.main()
    large_file.main()
