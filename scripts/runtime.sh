#!/usr/bin/env bash
# Fetches the programs this project runs (Asterisk, Redis, SIPp) as Debian packages of the testing suite and unpacks them
# into a folder of their own, where their own loader runs them. Nothing is installed: no root, no change to the machine.
#
#   scripts/runtime.sh             makes sure of <cache>/runtime, prints that folder
#   scripts/runtime.sh espeak-ng   makes sure of <cache>/espeak-ng (the voice of placeholder prompts), prints that folder
#   scripts/runtime.sh open-jtalk  makes sure of <cache>/open-jtalk (their Japanese voice, from Debian's contrib), prints that folder
#   scripts/runtime.sh kannel      makes sure of <cache>/kannel (a gateway of texts, the real peer of some tests), prints that folder
#
# <cache> is ${INTAKE_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/intake110}. Progress goes to standard error.
# Safe to run twice and side by side. What is there is verified at each run: its file list, and the versions it answers.
#
#   INTAKE_SYSTEM_RUNTIME=yes   use the system's own asterisk, redis-server and sipp, where they are new enough
#   DEBIAN_MIRROR               the mirror to fetch from; otherwise the one this machine's apt uses for Debian
#   DEBIAN_KEYRING              the keys its releases are signed with; otherwise those of this machine
#   DEBIAN_SUITE                the suite; otherwise forky
set -euo pipefail
export LC_ALL=C

layout=1 # of the folder; another number fetches anew
components=main
want=${1:-runtime}
case $want in
  runtime)
    packages=(asterisk redis-server sip-tester)
    programs=(usr/sbin/asterisk usr/bin/redis-server usr/bin/redis-cli usr/bin/sipp)
    floors=(asterisk=22.10.1 redis-server=8.0.0 redis-cli=8.0.0 sipp=3.7.0)
    ;;
  espeak-ng)
    packages=(espeak-ng)
    programs=(usr/bin/espeak-ng)
    floors=(espeak-ng=1.52)
    ;;
  open-jtalk)
    packages=(open-jtalk open-jtalk-mecab-naist-jdic hts-voice-nitech-jp-atr503-m001)
    programs=(usr/bin/open_jtalk)
    floors=(open_jtalk=1.10)
    components='main contrib'
    ;;
  kannel)
    packages=(kannel)
    programs=(usr/sbin/bearerbox usr/sbin/smsbox)
    floors=(bearerbox=1.4.5 smsbox=1.4.5)
    ;;
  *)
    echo "usage: scripts/runtime.sh [espeak-ng | open-jtalk | kannel]" >&2
    exit 2
    ;;
esac

say() { printf 'set-up: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

cache=${INTAKE_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:?neither INTAKE_CACHE_DIR nor HOME is set}/.cache}/intake110}
mkdir -p "$cache" || die "the cache folder $cache cannot be made: set INTAKE_CACHE_DIR to one that can"
cache=$(cd "$cache" && pwd -P)

# The version a program answers when asked; nothing where it does not run. (SIPp leaves with 99 after answering.)
version_of() {
  case ${1##*/} in
    asterisk) "$1" -V 2>/dev/null | sed -n 's/^Asterisk \([0-9][0-9.]*\).*/\1/p' ;;
    redis-server) "$1" --version 2>/dev/null | sed -n 's/.* v=\([0-9][0-9.]*\).*/\1/p' ;;
    redis-cli) "$1" --version 2>/dev/null | sed -n 's/^redis-cli \([0-9][0-9.]*\).*/\1/p' ;;
    sipp) { "$1" -v 2>/dev/null || true; } | sed -n 's/.*SIPp v\([0-9][0-9.]*\).*/\1/p' ;;
    espeak-ng) "$1" --version 2>/dev/null | sed -n 's/.*speech: \([0-9][0-9.]*\).*/\1/p' ;;
    bearerbox | smsbox) "$1" --version 2>/dev/null | sed -n 's/^Kannel [a-z]* version [^0-9]*\([0-9][0-9.]*\).*/\1/p' ;;
    open_jtalk) { "$1" -h 2>&1 || true; } | sed -n 's/^Version \([0-9][0-9.]*\) (http:..open-jtalk.*/\1/p' ;;
  esac || true
}

# Whether every program in a bin folder runs and is new enough; says what is not.
new_enough() {
  local floor name least have good=0
  for floor in "${floors[@]}"; do
    name=${floor%%=*} least=${floor#*=}
    have=$(version_of "$1/$name")
    if [ -z "$have" ]; then
      say "$name does not run ($1/$name)"
      good=1
    elif ! printf '%s\n%s\n' "$least" "$have" | sort -V -C; then
      say "$name is $have, and $least is the least that will do"
      good=1
    fi
  done
  return $good
}

listing() { (cd "$1" && find bin root -printf '%P %y %s\n' | sort | sha256sum); }

whole() {
  [ -f "$1/stamp" ] && [ "$(sed -n 1p "$1/stamp")" = "layout $layout" ] &&
    [ "$(sed -n 2p "$1/stamp")" = "$(listing "$1" 2>/dev/null)" ] && new_enough "$1/bin" 2>/dev/null
}

case ${INTAKE_SYSTEM_RUNTIME:-no} in [Yy]* | [Tt]* | [Oo][Nn] | 1) system=yes ;; *) system=no ;; esac
if [ "$want" = runtime ] && [ "$system" = yes ]; then
  found=$(mktemp -d "$cache/system.new.XXXXXX")
  trap 'rm -rf "$found"' EXIT
  mkdir "$found/bin"
  for program in "${programs[@]}"; do
    path=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "${program##*/}") || die "INTAKE_SYSTEM_RUNTIME is set, and this machine has no ${program##*/}"
    printf '#!/bin/sh\nexec %q "$@"\n' "$path" > "$found/bin/${program##*/}"
    chmod +x "$found/bin/${program##*/}"
  done
  new_enough "$found/bin" || die "INTAKE_SYSTEM_RUNTIME is set, and the system's own programs will not do; without it they are fetched"
  chmod 755 "$found"
  exec 9> "$cache/system.lock"
  flock -w 60 9 || die "another set-up holds $cache/system.lock"
  if ! diff -rq "$found/bin" "$cache/system/bin" > /dev/null 2>&1; then
    rm -rf "$cache/system"
    mv -T "$found" "$cache/system"
  fi
  printf '%s\n' "$cache/system"
  exit 0
fi

goal=$cache/$want
if whole "$goal"; then
  printf '%s\n' "$goal"
  exit 0
fi

exec 9> "$cache/$want.lock"
if ! flock -n 9; then
  say "another set-up is at work on $goal; waiting for it (15 minutes at most)"
  flock -w 900 9 || die "it has not come to an end: look who holds $cache/$want.lock"
fi
if whole "$goal"; then
  printf '%s\n' "$goal"
  exit 0
fi
if [ -e "$goal" ]; then say "$goal is damaged or too old; fetching anew"; fi

for tool in apt-get dpkg; do
  command -v "$tool" > /dev/null || die "this machine has no $tool: install Asterisk 22.10.1, Redis 8 and SIPp 3.7 or newer, and set INTAKE_SYSTEM_RUNTIME=yes"
done
case $(dpkg --print-architecture) in
  amd64) triplet=x86_64-linux-gnu loader=ld-linux-x86-64.so.2 ;;
  arm64) triplet=aarch64-linux-gnu loader=ld-linux-aarch64.so.1 ;;
  *) die "only amd64 and arm64 are fetched for: install Asterisk 22.10.1, Redis 8 and SIPp 3.7 or newer, and set INTAKE_SYSTEM_RUNTIME=yes" ;;
esac

# The mirror this machine uses for Debian: by the release lists it has read or, before its first `apt-get update`, by what a
# Debian machine's sources name for its own release. apt reads the sources itself, so old and new formats will do.
debian_mirror() {
  local read
  read=$(apt-get indextargets --format '$(ORIGIN)|$(SITE)|$(RELEASE)' 'Created-By: Packages' 2> /dev/null |
    awk -F'|' '$1 == "Debian" && $3 !~ /security/ { print $2; exit }')
  if [ -n "$read" ]; then printf '%s\n' "$read"; return; fi
  if [ ! -r /etc/os-release ]; then return; fi
  (
    . /etc/os-release
    if [ "${ID:-}" != debian ]; then exit 0; fi
    apt-get update --print-uris 2> /dev/null | sed -n "s|^'\([^']*\)/dists/\([^/']*\)/InRelease'.*|\2 \1|p" |
      awk -v own="${VERSION_CODENAME:-none}" '$1 == own || $1 ~ /^(oldstable|stable|testing|unstable|sid)$/ {
          if (!first) first = $2
          if (!best && $2 ~ /\/debian\/?$/) best = $2
        }
        END { print best ? best : first }'
  )
}
mirror=${DEBIAN_MIRROR:-$(debian_mirror || true)}
keyring=${DEBIAN_KEYRING:-}
for keys in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
  if [ -z "$keyring" ] && [ -r "$keys" ]; then keyring=$keys; fi
done
if [ -z "$mirror" ] || [ -z "$keyring" ]; then
  say "the programs come from Debian, and this machine lacks what is needed to fetch them safely:"
  if [ -z "$mirror" ]; then say "  - its apt sources name no Debian mirror: set DEBIAN_MIRROR=http://…/debian to one near you"; fi
  if [ -z "$keyring" ]; then say "  - it has no keys of Debian's: install the package debian-archive-keyring, or set DEBIAN_KEYRING=/path/to/keyring"; fi
  die "or install Asterisk 22.10.1, Redis 8 and SIPp 3.7 or newer yourself, and set INTAKE_SYSTEM_RUNTIME=yes"
fi
case $keyring in *[\ \'\"]*) die "DEBIAN_KEYRING must be a path without spaces or quotes" ;; esac

room=$(df -Pk "$cache" | awk 'NR == 2 { print $4 }')
[ "$room" -ge 1000000 ] || die "$cache has $((room / 1000)) MB free, and 1000 MB are needed while unpacking: set INTAKE_CACHE_DIR elsewhere"

rm -rf "$cache/$want".new.* "$cache/$want".old.* # of a set-up that was killed; the lock says that none is at work
new=$(mktemp -d "$cache/$want.new.XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$new"/apt/{lists/partial,cache/archives/partial,etc/apt.conf.d,etc/preferences.d,etc/trusted.gpg.d} "$new/root" "$new/bin"
: > "$new/apt/status"
printf 'deb [signed-by=%s] %s %s %s\n' "$keyring" "$mirror" "${DEBIAN_SUITE:-forky}" "$components" > "$new/apt/etc/sources.list"
# The machine's own proxy settings and passwords stay in force; its hooks and its own lists do not.
cat > "$new/apt/conf" << EOF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
#clear APT::Default-Release;
Dir "$new/apt";
Dir::Etc "$new/apt/etc";
Dir::Etc::sourcelist "$new/apt/etc/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
Dir::State "$new/apt";
Dir::State::Lists "$new/apt/lists";
Dir::State::status "$new/apt/status";
Dir::Cache "$new/apt/cache";
APT::Install-Recommends "false";
APT::Architecture "$(dpkg --print-architecture)";
#clear APT::Architectures;
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
Acquire::Retries "1";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Debug::NoLocking "true";
EOF

# Runs apt up to three times; what it complained of is shown only when the last one fails. Each is over within ten minutes.
apt() {
  local try
  for try in 1 2 3; do
    if timeout 600 apt-get -c "$new/apt/conf" -q -y "$@" 2> "$new/apt/complaints" < /dev/null | counted; then return 0; fi
    if [ "$try" -lt 3 ]; then say "  that failed; trying again"; sleep $((try * 2)); fi
  done
  sed 's/^/set-up:   /' "$new/apt/complaints" >&2
  return 1
}
counted() {
  awk '/^Need to get/ { print "set-up:   " $4 " " $5 " to fetch" }
    /^Get:/ { got += 1; if (got % 25 == 0) { print "set-up:   " got " fetched"; fflush() } }' | grep -v '^set-up:   0 B' >&2 || true
}

say "fetching ${packages[*]} into $goal (once; about a minute)"
say "1/4 package lists"
apt update || die "the package lists cannot be fetched from $mirror"
say "2/4 packages"
apt install --download-only "${packages[@]}" || die "the packages cannot be fetched from $mirror"
say "3/4 unpacking"
for deb in "$new"/apt/cache/archives/*.deb; do
  dpkg --fsys-tarfile "$deb" | tar -x -C "$new/root" --no-same-owner --no-same-permissions \
    --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./usr/share/info' ||
    die "${deb##*/} cannot be unpacked"
done
rm -rf "$new/apt"
[ -x "$new/root/usr/lib/$triplet/$loader" ] || die "what was fetched has no $loader"
data='' options=''
case $want in
  espeak-ng) data='export ESPEAK_DATA_PATH="$lib/espeak-ng-data"' ;;
  open-jtalk) # runs among its voices, so that -m names one, and brings its dictionary
    data='root=$(cd "$root" && pwd) && cd "$root/usr/share/hts-voice/nitech-jp-atr503-m001" || exit 1
lib=$root/usr/lib/'$triplet
    options='-x "$root/var/lib/mecab/dic/open-jtalk/naist-jdic" '
    ;;
esac
for program in "${programs[@]}"; do
  cat > "$new/bin/${program##*/}" << EOF
#!/bin/sh
root=\${0%/*}/../root
lib=\$root/usr/lib/$triplet
$data
exec "\$lib/$loader" --library-path "\$lib:\$lib/pulseaudio:\$root/lib/$triplet" "\$root/$program" $options"\$@"
EOF
  chmod 755 "$new/bin/${program##*/}"
done
say "4/4 verifying"
new_enough "$new/bin" || die "what was fetched will not do"
printf 'layout %s\n%s\n' "$layout" "$(listing "$new")" > "$new/stamp"
for floor in "${floors[@]}"; do
  name=${floor%%=*}
  printf '%s %s\n' "$name" "$(version_of "$new/bin/$name")" >> "$new/stamp"
done
chmod 755 "$new"
if [ -e "$goal" ]; then mv -T "$goal" "$cache/$want.old.$$"; fi
mv -T "$new" "$goal"
rm -rf "$cache/$want.old.$$"
say "ready: $(sed -n '3,$p' "$goal/stamp" | tr '\n' ',' | sed 's/,$//; s/,/, /g')"
printf '%s\n' "$goal"
