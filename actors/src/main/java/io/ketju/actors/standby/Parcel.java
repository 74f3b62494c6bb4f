package io.ketju.actors.standby;

import io.ketju.actors.checkpoint.RunCopy;
import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What comes next for a copy of a run's folder. As text, which goes ahead of the files:
 *
 * <pre>
 * parcel of start 4, 2 checkpoints are kept
 * checkpoint of step 120
 * 1811 9f86d081... job.conf
 * 44120 60303ae2... checkpoints/step-000000120/stage-0.incarnation-4.safetensors
 * 512 fd61a03a... checkpoints/step-000000120/manifest.json
 * </pre>
 *
 * @param start of the run, from 1; no earlier one is followed once it has come
 * @param kept checkpoints that are kept, at least 1
 * @param step of the checkpoint in it, whose manifest is its last file; empty: none
 * @param files in the order in which they come
 */
public record Parcel(int start, int kept, OptionalLong step, List<Item> files) {
    /** Of a text: a file of each of the 32,767 stages that there can be would be less. */
    static final int MAX_BYTES = 8 << 20;

    private static final String MANIFEST = "/manifest.json";
    private static final Pattern HEAD =
            Pattern.compile("parcel of start ([1-9][0-9]{0,9}), ([1-9][0-9]{0,9}) checkpoints are kept");
    private static final Pattern STEP = Pattern.compile("checkpoint of step ([0-9]{1,18})");
    private static final Pattern FILE = Pattern.compile("([0-9]{1,18}) ([0-9a-f]{64}) (\\S+)");

    /**
     * One file.
     *
     * @param name below the run's folder
     * @param bytes its length
     * @param sha256 of them, in hex
     */
    public record Item(String name, long bytes, String sha256) {
        /** Throws {@link IllegalArgumentException} for a name that no file of a copy has. */
        public Item {
            RunCopy.requireName(name);
        }
    }

    /** Throws {@link IllegalArgumentException} if a checkpoint has no manifest at its end. */
    public Parcel {
        files = List.copyOf(files);
        boolean closed = !files.isEmpty() && files.getLast().name().endsWith(MANIFEST);
        if (step.isPresent() != closed) {
            throw new IllegalArgumentException("expected a manifest at the end of a checkpoint, and nowhere else");
        }
    }

    /** {@return the text} */
    public String text() {
        StringBuilder text = new StringBuilder("parcel of start " + start + ", " + kept + " checkpoints are kept\n");
        step.ifPresent(taken -> text.append("checkpoint of step ").append(taken).append('\n'));
        files.forEach(file -> text.append(file.bytes())
                .append(' ')
                .append(file.sha256())
                .append(' ')
                .append(file.name())
                .append('\n'));
        return text.toString();
    }

    /**
     * {@return what a text says}
     *
     * @param text as {@link #text()} gives it; blanks behind it do not matter
     * @throws IllegalArgumentException with one line for any other
     */
    public static Parcel parse(String text) {
        List<String> lines = text.stripTrailing().lines().toList();
        Matcher head = found(HEAD, lines.isEmpty() ? "" : lines.getFirst());
        OptionalLong step = OptionalLong.empty();
        List<Item> files = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            Matcher of = STEP.matcher(line);
            if (files.isEmpty() && step.isEmpty() && of.matches()) {
                step = OptionalLong.of(Long.parseLong(of.group(1)));
            } else {
                Matcher file = found(FILE, line);
                files.add(new Item(file.group(3), Long.parseLong(file.group(1)), file.group(2)));
            }
        }
        return new Parcel(number(head.group(1)), number(head.group(2)), step, files);
    }

    private static Matcher found(Pattern pattern, String line) {
        Matcher found = pattern.matcher(line);
        if (!found.matches()) {
            throw new IllegalArgumentException("expected a line of a parcel, found '" + Excerpt.of(line) + "'");
        }
        return found;
    }

    private static int number(String digits) {
        return Math.toIntExact(Long.parseLong(digits));
    }
}
