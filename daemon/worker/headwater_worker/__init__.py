"""The program inside a notebook's Python process: it evaluates steps and tells what came out. See spec/worker.md."""
