# Each command is a script in scripts/; `make` alone lists them.
.PHONY: help setup demo test check bench prove
.DEFAULT_GOAL := help

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name text; do \
	    printf '  make %-8s %s\n' "$$name" "$$text"; done

setup:  ## install both Python environments, build the front end, train the bot
	@scripts/run setup

demo:  ## set up and start everything on this machine, and print where to look; Ctrl-C stops it
	@scripts/run demo

test:  ## install what the tests need and run all of them
	@scripts/run test

check:  ## format, lint, types, layering
	@scripts/run check

bench:  ## what it costs, beside floors measured in the same run
	@scripts/run bench

prove:  ## show each promise of a part: make prove PART=main
	@scripts/run prove $(PART)
