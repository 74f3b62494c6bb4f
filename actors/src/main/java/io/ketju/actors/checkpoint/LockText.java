package io.ketju.actors.checkpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the file {@code lock} of a run says: who holds the run, or held it last.
 *
 * <pre>
 * process 4711 since 2026-11-29T18:00:00 after 1 takeover
 * </pre>
 *
 * @param process its number; empty: unknown
 * @param since when it took the run
 * @param takeovers how often the run was taken from a process that still lived
 */
record LockText(String process, String since, int takeovers) {
    /** Bytes of the longest. */
    static final int MAX_BYTES = 100;

    private static final LockText NOBODY = new LockText("", "", 0);

    private static final Pattern TEXT = Pattern.compile(
            "process ([0-9]{1,19}) since ([0-9T:-]{16,19})(?: after ([1-9][0-9]{0,8}) takeovers?)?\\s*");

    /** Of the text of a file; of one that says nothing, nobody. */
    static LockText of(String text) {
        Matcher found = TEXT.matcher(text);
        if (!found.matches()) {
            return NOBODY;
        }
        String takeovers = found.group(3);
        return new LockText(found.group(1), found.group(2), takeovers == null ? 0 : Integer.parseInt(takeovers));
    }

    /** As it stands in the file. */
    String line() {
        String after = takeovers == 0 ? "" : " after " + takeovers + (takeovers == 1 ? " takeover" : " takeovers");
        return "process " + process + " since " + since + after + "\n";
    }

    /** For people. */
    String holder() {
        // It may be about to write its name.
        return process.isEmpty()
                ? "another process"
                : "process " + process + " (since " + since.replace('T', ' ') + ")";
    }
}
