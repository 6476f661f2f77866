"""Whether this Sirocco works on this machine: `--self-test`, for packagers and for who helps somebody."""
