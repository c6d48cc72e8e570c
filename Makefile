# What one does with Guichet. Each target installs what it lacks, so a machine needs only Rust, a C compiler,
# make and git.

# Builds take what the compiler must know of our queries from .sqlx, and need no database.
export SQLX_OFFLINE := true

# Where the scene of a Galera cluster looks for its library.
GALERA := /usr/lib/galera/libgalera_smm.so

.PHONY: help demo test chaos bench fuzz run check sqlx database browser

help:
	@echo "make demo    play a morning at the helpdesk, with simulated Discord and Telegram"
	@echo "make test    run all tests"
	@echo "make chaos   kill, freeze and cut off everything for hours; CHAOS_SEED and CHAOS_SCENES choose what"
	@echo "make bench   measure how much this machine does with it; BENCH_SCENES and BENCH_SECONDS choose what"
	@echo "make run     run Guichet itself; settings: make run CONFIG=my-settings.toml"
	@echo "make check   formatting, lints and documentation"
	@echo "make fuzz    throw random input at what reads and shows it, FUZZ_SECONDS (600) for each target"
	@echo "make sqlx    refresh .sqlx after a change to a query or a migration"

database:
	@scripts/ensure-database

browser:
	@scripts/ensure-browser

# The dev profile: from a fresh clone it is there in two thirds of the time of a release build, and one morning
# at one desk is not slower to play.
demo: database
	@echo "==> Building (a few minutes the first time), then playing a morning at the helpdesk"
	@cargo run --quiet --locked -- demo

test: database browser
	@echo "==> Building the tests (a few minutes the first time), then running them"
	@cargo test --locked

# The whole of what the tests play in short. Its table ends with the command that repeats it. The program is optimised a
# little, for some scenes compare times: what it depends on is there from the tests.
CHAOS := cargo test --quiet --locked --config profile.dev.package.guichet.opt-level=1 --test it -- --ignored \
	--nocapture --test-threads=1

chaos: database
	@echo "==> Building the tests (a few minutes the first time), then hours of chaos"
	@$(CHAOS) all_of_chaos
	@if test -e $(GALERA); then \
		echo "==> A Galera cluster that loses nodes"; \
		$(CHAOS) galera::; \
	else \
		echo "==> A Galera cluster that loses nodes: skipped, for want of $(GALERA)"; \
	fi

# As it is released, on a private database with every commit on the disk. Wants a machine of its own.
bench: database
	@echo "==> Building the program as it is released, and the bench (many minutes the first time), then measuring"
	@cargo test --release --quiet --locked --test it -- --ignored --nocapture --test-threads=1 all_of_bench

run: database
	@echo "==> Building Guichet for use (several minutes the first time), then running it; Ctrl-C ends it"
	@cargo run --quiet --release --locked -- serve $(if $(CONFIG),--config $(CONFIG))

check:
	@echo "==> Formatting"
	@cargo fmt --check
	@echo "==> Lints, with and without the sandbox"
	@cargo clippy --quiet --all-targets --locked -- -D warnings
	@cargo clippy --quiet --all-targets --no-default-features --locked -- -D warnings
	@echo "==> Documentation"
	@RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --locked

# Sanitizers look for what unsafe code does; without them fuzzing needs no nightly compiler and is faster. What is
# found is written to fuzz/artifacts; what was learnt, to fuzz/corpus.
FUZZ_SECONDS ?= 600
fuzz: database
	@command -v cargo-fuzz >/dev/null || cargo install --quiet --locked cargo-fuzz@0.13.2
	@echo "==> Building the fuzz targets (many minutes the first time), then running each for $(FUZZ_SECONDS) seconds"
	@cargo fuzz build --sanitizer none
	@set -e; for target in $$(cargo fuzz list); do \
		echo "==> $$target"; mkdir -p fuzz/corpus/$$target; \
		cargo fuzz run --sanitizer none $$target fuzz/corpus/$$target fuzz/seeds/$$target -- \
			-max_total_time=$(FUZZ_SECONDS) -max_len=8192 -len_control=0 -timeout=25 -print_final_stats=1; \
	done

sqlx:
	@scripts/sqlx-prepare
