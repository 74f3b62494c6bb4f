package io.ketju.deploy.hosts;

/**
 * What hosts are asked to run, for the plainest of shells. Everything lies in the user's cache there:
 *
 * <pre>
 * ~/.cache/ketju/dist/HASH    the distribution with this content
 * ~/.cache/ketju/nodes/NAME   the certificate of a worker, for as long as it runs
 * </pre>
 */
final class HostScripts {
    private static final String CACHE = "umask 077; k=${XDG_CACHE_HOME:-$HOME/.cache}/ketju; ";

    /** Whether a distribution is there. Arguments: its hash, the place of the launcher in it. */
    static final String CHECK = CACHE + "if [ -x \"$k/dist/$1/$2\" ]; then echo present; else echo absent; fi";

    /** Takes a distribution from the pipe; it is there whole or not at all. Arguments as before. */
    static final String INSTALL = CACHE + """
            set -e
            mkdir -p "$k/dist"
            p=$(mktemp -d "$k/dist/part.XXXXXX")
            trap 'rm -rf "$p"' EXIT
            trap 'exit 1' HUP INT TERM
            tar -xf - -C "$p"
            if [ ! -x "$p/$2" ]; then echo "the copy came without its launcher" >&2; exit 1; fi
            if [ ! -x "$k/dist/$1/$2" ]; then mv "$p" "$k/dist/$1"; fi
            """;

    /**
     * A worker. From the pipe come, a line each: the number of the process that stands for it, then its authority, certificate and key
     * with ~ for the ends of lines; what follows is the worker's own. Arguments: the hash, the place of the launcher, flags of the
     * JVM, and what the command line is to have.
     */
    static final String RUN = CACHE + """
            h=$k/dist/$1/$2
            o=$3
            shift 3
            mkdir -p "$k/nodes" && c=$(mktemp -d "$k/nodes/XXXXXXXX") || exit 1
            trap 'rm -rf "$c"' EXIT
            trap 'exit 1' HUP INT TERM
            IFS= read -r process || exit 1
            for f in ca.pem node.pem node-key.pem; do
              IFS= read -r line || exit 1
              printf '%s' "$line" | tr '~' '\\n' > "$c/$f"
            done
            KETJU_JAVA_OPTS="$o -Dketju.process=$process" "$h" node --certs "$c" "$@"
            exit $?
            """;

    private HostScripts() {}
}
