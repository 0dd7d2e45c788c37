"""Run every benchmark: ``make bench``."""

from __future__ import annotations

from benchmarks import large_file, models, slider

if __name__ == "__main__":
    slider.main()
    models.main()
    large_file.main()
