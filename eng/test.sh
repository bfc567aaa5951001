#!/usr/bin/env bash
# Builds and runs every test project, shows why each skipped test was skipped, and ends with one line: N passed, N failed, N skipped.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
configuration=${HA_CONFIGURATION:-Release}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# Real store servers; what cannot be had here is skipped.
"$root/eng/stores.sh" || true

# The compiler server makes a build of many projects several times faster; some machines switch it off together with MSBuild's own.
export MSBUILDDISABLENODEREUSE=0
dotnet build "$root/HaKv.sln" -c "$configuration" -v quiet -nologo -nodeReuse:false -p:UseSharedCompilation=true || { echo "the build failed"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

filter=()
[ $# -gt 0 ] && filter=(--filter "FullyQualifiedName~$1")
passed=0 failed=0 skipped=0 broken=0
for project in "$root"/tests/*/*.Tests.csproj "$root"/tests/samples/*/*.Tests.csproj; do
    name=$(basename "$project" .csproj)
    out=$results/$name.out
    dotnet test "$project" -c "$configuration" --no-build -nologo -v quiet --logger "trx;LogFileName=$results/$name.trx" --logger "console;verbosity=minimal" "${filter[@]}" >"$out" 2>&1
    code=$?
    trx=$results/$name.trx
    if [ ! -f "$trx" ]; then
        [ $code -eq 0 ] && continue # The filter matched nothing here.
        cat "$out"
        echo "$name did not run"
        broken=$((broken + 1))
        continue
    fi
    counters=$(grep -o '<Counters [^>]*>' "$trx" | head -n 1)
    count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
    total=$(count total) ok=$(count passed) bad=$(count failed)
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - ok - bad))
    printf '%-32s %4d passed, %d failed, %d skipped\n' "$name" "$ok" "$bad" "$((total - ok - bad))"
    if [ "$bad" -gt 0 ] || [ $code -ne 0 ]; then
        cat "$out"
        [ "$bad" -eq 0 ] && broken=$((broken + 1))
    fi
    grep -A4 'outcome="NotExecuted"' "$trx" | sed -n 's/.*<StdOut>\(.*\)<\/StdOut>.*/  skipped: \1/p; s/.*<Message>\(.*\)<\/Message>.*/  skipped: \1/p; s/.*testName="\([^"]*\)".*outcome="NotExecuted".*/  skipped: \1/p'
done
echo "$passed passed, $((failed + broken)) failed, $skipped skipped"
[ $((failed + broken)) -eq 0 ] && [ "$passed" -gt 0 ]
