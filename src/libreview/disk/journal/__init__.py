"""How a change reaches the files: `locking` lets one writer in, `changing` carries the change out, all of it or nothing."""
