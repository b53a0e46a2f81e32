# Glosa. `make help` prints every target.
.DEFAULT_GOAL := help
GO ?= go
export CGO_ENABLED ?= 0

# The race detector runs the desks on PostgreSQL only: the pure-Go SQLite is 15
# times slower under it.
.PHONY: help run build test race check lint generate generated bench soak release

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## serve the demonstration on http://127.0.0.1:8080 (needs only Go)
	$(GO) run ./cmd/glosa demo

build: ## build bin/glosa
	$(GO) build -trimpath -ldflags='-s -w' -o bin/glosa ./cmd/glosa

test: ## build, vet and run all tests on both engines; as root it installs what is missing
	.ci/prepare
	$(GO) build ./...
	$(GO) vet ./...
	db/dbtest/postgres.sh -F $(GO) test -timeout 15m ./...

race: ## the tests under the race detector, on PostgreSQL
	GLOSA_TEST_ENGINES=postgres CGO_ENABLED=1 db/dbtest/postgres.sh -F $(GO) test -race -short -timeout 30m ./db/... ./civic/... ./method/... ./record/... ./auth/... ./job ./notify ./web

check: lint generated test race ## test + linters + generated files unchanged + the race detector

lint: ## linters, pinned in tools/go.mod
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "not gofmt-clean:"; echo "$$out"; exit 1; fi
	$(GO) tool -modfile=tools/go.mod staticcheck ./...

generate: ## write the generated files anew (templates, assets)
	$(GO) generate ./...

generated: generate ## fail if generated files differ from what is committed
	git diff --exit-code --stat

bench: ## print each line of the benchmark beside its ceiling, as ratios
	$(GO) run ./bench

soak: ## the long tests: 200 kills at random points and 20,000 random acts on each engine, the largest sets on another processor, long fuzzing
	GLOSA_KILLS=200 db/dbtest/postgres.sh $(GO) test -timeout 60m -count=1 -run 'Kill|Crash' ./db/... ./record/...
	GLOSA_MAILS=40000 db/dbtest/postgres.sh -F $(GO) test -timeout 30m -count=1 -run KilledInTheMiddle -v ./notify
	GLOSA_TEST_ACTS=20000 db/dbtest/postgres.sh $(GO) test -timeout 30m -count=1 -v -run TestTheLongWalk ./civic/question
	GLOSA_AGREE=all $(GO) test -timeout 60m -count=1 -run TestSameBytes ./method/agree
	for p in $$($(GO) list ./...); do for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz' || true); do $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime 30s $$p || exit 1; done; done

release: ## two builds with equal bytes, module check, vulnerabilities
	$(GO) mod verify
	$(GO) build -trimpath -ldflags='-s -w' -o bin/glosa ./cmd/glosa && $(GO) build -a -trimpath -ldflags='-s -w' -o bin/glosa.again ./cmd/glosa && cmp bin/glosa bin/glosa.again
	$(GO) tool -modfile=tools/go.mod govulncheck ./...
