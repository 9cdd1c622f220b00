# Functions about a folder that holds TornadoVM's SDK, for ./dfc and .ci/run, which source this file. They need bash.

# Prints the version of the SDK's API, as the name of its jar tells it; where that is not clear, prints why and fails.
tornadovm_version() {
  local jar version=''
  for jar in $(set +f && cd "$1/share/java/tornado" 2>/dev/null && ls tornado-api-*.jar 2>/dev/null); do
    case $jar in
      *-sources.jar | *-javadoc.jar | *-tests.jar) continue ;;
    esac
    if [ -n "$version" ]; then
      printf 'has more than one share/java/tornado/tornado-api-VERSION.jar: %s and %s' "$version" "$jar"
      return 1
    fi
    version=$jar
  done
  if [ -z "$version" ]; then
    printf 'has no share/java/tornado/tornado-api-VERSION.jar'
    return 1
  fi
  version=${version#tornado-api-}
  printf '%s' "${version%.jar}"
}

# Prints the version that a pom.xml of dfc-tornado names, which is the one that was tested.
tornadovm_tested() {
  sed -n 's|.*<tornadovm\.version>\(.*\)</tornadovm\.version>.*|\1|p' "$1"
}

# Whether two versions are alike up to the second number: 5.2.0-jdk25 and 5.2.1 are.
tornadovm_alike() {
  [[ $1 =~ ^([0-9]+\.[0-9]+)([^0-9]|$) ]] || return 1
  local release=${BASH_REMATCH[1]}
  [[ $2 =~ ^([0-9]+\.[0-9]+)([^0-9]|$) ]] && [ "$release" = "${BASH_REMATCH[1]}" ]
}

# Prints the path of the SDK's argument file. An installer leaves a template, which the program `tornado` expands when it
# first runs; until then the template is expanded into the folder that is given second. Prints the problem and fails where
# there is neither file, or nothing can be written.
tornadovm_argfile() {
  local line text='' home=$1 file
  if [ -r "$1/tornado-argfile" ]; then
    printf '%s' "$1/tornado-argfile"
    return 0
  fi
  if [ ! -r "$1/tornado-argfile.template" ]; then
    printf 'has neither a readable tornado-argfile nor a tornado-argfile.template'
    return 1
  fi
  # Java ends an argument at a blank unless it is quoted.
  case $home in
    *[[:space:]]*) home="\"$home\"" ;;
  esac
  while IFS= read -r line || [ -n "$line" ]; do
    text+=${line//'${TORNADOVM_HOME}'/"$home"}$'\n'
  done <"$1/tornado-argfile.template"
  file=$2/tornado-argfile-$(printf '%s' "$text" | cksum | tr ' ' -)
  if [ ! -r "$file" ]; then
    { mkdir -p "$2" && printf '%s' "$text" >"$file.$$" && mv "$file.$$" "$file"; } 2>/dev/null || {
      printf 'has only a tornado-argfile.template, and %s cannot be written to expand it; run %s once' "$2" "$1/bin/tornado --version"
      return 1
    }
  fi
  printf '%s' "$file"
}
