package io.ketju.actors.checkpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the file {@code lock} of a run says: who holds the run, or held it last.
 *
 * <pre>
 * process 4711 since 2026-11-29T18:00:00 as 9f86d081884c7d65 after 1 takeover
 * </pre>
 *
 * @param process its number; empty: unknown
 * @param since when it took the run
 * @param token drawn anew each time, in hexadecimal digits: processes of two hosts can have one number, and the same second;
 *     empty: unknown
 * @param takeovers how often the run was taken from a process that still lived
 */
record LockText(String process, String since, String token, int takeovers) {
    /** Bytes of the longest. */
    static final int MAX_BYTES = 128;

    private static final LockText NOBODY = new LockText("", "", "", 0);

    private static final Pattern TEXT = Pattern.compile(
            "process ([0-9]{1,19}) since ([0-9T:-]{16,19})(?: as ([0-9a-f]{16}))?(?: after ([1-9][0-9]{0,8}) takeovers?)?\\s*");

    /** Of the text of a file; of one that says nothing, nobody. */
    static LockText of(String text) {
        Matcher found = TEXT.matcher(text);
        if (!found.matches()) {
            return NOBODY;
        }
        String token = found.group(3);
        String takeovers = found.group(4);
        return new LockText(
                found.group(1),
                found.group(2),
                token == null ? "" : token,
                takeovers == null ? 0 : Integer.parseInt(takeovers));
    }

    /** As it stands in the file. */
    String line() {
        String after = takeovers == 0 ? "" : " after " + takeovers + (takeovers == 1 ? " takeover" : " takeovers");
        String as = token.isEmpty() ? "" : " as " + token;
        return "process " + process + " since " + since + as + after + "\n";
    }

    /** For people. */
    String holder() {
        // It may be about to write its name.
        return process.isEmpty()
                ? "another process"
                : "process " + process + " (since " + since.replace('T', ' ') + ")";
    }
}
