"""Run every benchmark: ``make bench``."""

from __future__ import annotations

from benchmarks import large_file, slider

if __name__ == "__main__":
    slider.main()
    large_file.main()
