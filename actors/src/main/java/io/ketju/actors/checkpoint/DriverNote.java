package io.ketju.actors.checkpoint;

import io.ketju.data.file.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the file {@code driver} of a run says of the process that directs it, or did last, over a cluster: for those who stand by.
 *
 * <pre>
 * start 4
 * at 127.0.0.1:34567
 * process 4711 since 2026-11-29T18:00:00 as 9f86d081884c7d65
 * stopped interrupted
 * </pre>
 *
 * The last line is there once the process has come to the end of the run; one that is killed leaves none.
 *
 * @param start of the run, when this was written
 * @param address where the process is reached: {@code host:port}
 * @param holder of the run's lock
 * @param end how its part in the run ended
 */
public record DriverNote(int start, String address, String holder, Optional<End> end) {
    static final String FILE = "driver";
    private static final int MAX_BYTES = 4096;
    private static final int LONGEST_LINE = 2000;

    private static final Pattern TEXT =
            Pattern.compile("start ([1-9][0-9]{0,8})\nat ([!-~]{1,300}:[0-9]{1,5})\n(process [ -~]{1,120})\n"
                    + "(?:(complete|stopped|failed) (\\V{0," + LONGEST_LINE + "})\n)?");

    /** How a process left a run that another one need not go on with. */
    public enum Outcome {
        /** All steps are taken. */
        COMPLETE,
        /** Somebody stopped it. */
        STOPPED,
        /** Another process would fail as well. */
        FAILED
    }

    /**
     * How a process left the run.
     *
     * @param outcome how it was
     * @param line why
     */
    public record End(Outcome outcome, String line) {
        /** Makes control characters of the line blanks, and cuts it after 2000 characters. */
        public End {
            String plain = line.replaceAll("[\\p{Cntrl}\\v]+", " ");
            line = plain.length() <= LONGEST_LINE ? plain : plain.substring(0, LONGEST_LINE);
        }
    }

    /** Of the run in this folder; empty if nobody has written one, or what is there is none. */
    static Optional<DriverNote> of(Path run) throws IOException {
        Path file = run.resolve(FILE);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        String text;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            text = new String(in.readNBytes(2 * MAX_BYTES), StandardCharsets.UTF_8);
        }
        Matcher found = TEXT.matcher(text);
        if (!found.matches()) {
            return Optional.empty();
        }
        Optional<End> end = Optional.ofNullable(found.group(4))
                .map(outcome -> new End(Outcome.valueOf(outcome.toUpperCase(Locale.ROOT)), found.group(5)));
        return Optional.of(new DriverNote(
                Integer.parseInt(found.group(1)), found.group(2), found.group(3).strip(), end));
    }

    /** Makes it durable. */
    void write(Path run) throws IOException {
        String text = "start " + start + "\nat " + address + "\n" + holder + "\n"
                + end.map(done -> done.outcome().name().toLowerCase(Locale.ROOT) + " " + done.line() + "\n")
                        .orElse("");
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        DurableFile.write(run.resolve(FILE), out -> out.write(bytes));
    }
}
