# shellcheck shell=bash
# What .ci/run and .ci/full are made of: steps and runs of the tests, counted, some of them side by side. To be sourced.
set -uo pipefail

tmp=$(mktemp -d)
lanes=()
touch "$tmp/counts" "$tmp/skipped"

finish() {
  local pid passed failed skipped
  for pid in "${lanes[@]}"; do kill -TERM -- "-$pid" 2>/dev/null; done
  echo
  echo "the seconds of each:"
  sort -k4 -n "$tmp/counts" | awk -F'\t' '{ printf "%6d  %s\n", $4, $5 }'
  sed 's/^/skipped: /' "$tmp/skipped"
  read -r passed failed skipped < <(awk -F'\t' '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$tmp/counts")
  rm -rf "$tmp"
  echo "$SECONDS s in all"
  echo "$passed passed, $failed failed, $skipped skipped"
  # a skipped test shows a server that is missing here, which is as bad as one that fails
  ((failed == 0 && skipped == 0 && passed > 0)) || exit 1
}
trap finish EXIT
trap 'count 0 1 0 0 "CI, which was ended from outside"; exit 1' INT TERM

# count PASSED FAILED SKIPPED SECONDS NAME
count() {
  printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$tmp/counts"
  echo "=== $5: $1 passed, $2 failed, $3 skipped, $4 s (at $SECONDS s)"
}

# named NAME COMMAND...   runs it, with its name before each line that it writes
named() {
  local name=$1
  shift
  echo "=== $name begins (at $SECONDS s)"
  "$@" 2>&1 </dev/null | sed -u "s/^/[$name] /"
}

# step NAME COMMAND...   counts as one test; fails where the command does
step() {
  local name=$1 start=$SECONDS status=0
  named "$@" || status=$?
  count $((status == 0)) $((status != 0)) 0 $((SECONDS - start)) "$name"
  return $status
}

# tests NAME [ARGUMENT OF JEST...]   runs tests by the README's command, and counts each
tests() {
  local name=$1 json start=$SECONDS status=0 good bad skipped
  json=$tmp/$(printf %s "$1" | tr -c 'a-z0-9' _).json
  shift
  named "$name" npm test --silent -- --json --outputFile="$json" "$@" || status=$?
  # shellcheck disable=SC2016  # the template is JavaScript's
  [ ! -s "$json" ] || read -r good bad skipped < <(
    node -e '
      const [json, skipped] = process.argv.slice(1);
      const run = JSON.parse(fs.readFileSync(json, "utf8"));
      const names = run.testResults.flatMap((file) => file.assertionResults)
        .filter(({ status }) => !["passed", "failed"].includes(status)).map(({ fullName }) => `${fullName}\n`);
      fs.appendFileSync(skipped, names.join(""));
      console.log(run.numPassedTests, run.numFailedTests + run.numRuntimeErrorTestSuites, names.length);
    ' "$json" "$tmp/skipped"
  )
  # a set-up that broke off has no failed test to show
  if ((status != 0 && ${bad:-0} == 0 && ${skipped:-0} == 0)); then bad=1; fi
  count "${good:-0}" "${bad:-1}" "${skipped:-0}" $((SECONDS - start)) "tests, $name"
  return $status
}

# lane FUNCTION   runs it beside what follows, with processes of a group of its own; gives its process id as $!
lane() {
  set -m
  "$@" &
  set +m
  lanes+=($!)
}
