"""Side-by-side timings: ratios against a peer or a limit in one run, never a timed test."""
