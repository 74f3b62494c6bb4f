package io.ketju.actors.trace;

import io.ketju.data.BadDataException;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.Cause;
import io.ketju.pipeline.trace.TracedAction;
import io.ketju.pipeline.trace.TracedTensor;
import io.ketju.tensor.Excerpt;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One line of a {@link TraceFile}. Fields that say nothing in a row of its kind are empty.
 *
 * @param number of the line, from 1
 */
record TraceRow(String file, int number, List<String> fields) {
    static final List<String> COLUMNS = List.of(
            "row",
            "rank",
            "window",
            "phase",
            "what",
            "microbatch",
            "cause",
            "from",
            "to",
            "edge",
            "ready",
            "started",
            "ended",
            "heard",
            "sent",
            "at");

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");

    static final String ACTION = "action";
    static final String SENT = "sent";
    static final String ARRIVED = "arrived";
    private static final String DROPPED = "dropped";

    static String of(TracedAction traced) {
        Cause cause = traced.cause();
        boolean tensor = cause.tensor().isPresent();
        return new StringJoiner(",")
                .add(ACTION)
                .add(text(traced.rank()))
                .add(text(traced.window()))
                .add(text(traced.phase()))
                .add(traced.action().toString())
                .add(text(traced.action().microbatch()))
                .add(text(cause.reason()))
                .add(tensor ? text(cause.from()) : "")
                .add(text(traced.action().stage()))
                .add(tensor ? text(cause.edge()) : "")
                .add(text(traced.ready()))
                .add(text(traced.started()))
                .add(text(traced.ended()))
                .add(text(traced.heard()))
                .add(text(traced.sent()))
                .add("")
                .toString();
    }

    static String of(String row, TracedTensor tensor) {
        return new StringJoiner(",")
                .add(row)
                .add("")
                .add(text(tensor.window()))
                .add("")
                .add(text(tensor.kind()))
                .add(text(tensor.microbatch()))
                .add("")
                .add(text(tensor.from()))
                .add(text(tensor.to()))
                .add(text(tensor.edge()))
                .add(",,,,")
                .add(text(tensor.at()))
                .toString();
    }

    static String ofDropped(long records) {
        return DROPPED + ",".repeat(COLUMNS.size() - 1) + records;
    }

    private static String text(long number) {
        return Long.toString(number);
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Reads a line; what is in it is not looked at yet. */
    static TraceRow of(String file, int number, String line) {
        return new TraceRow(file, number, Arrays.asList(line.split(",", -1)));
    }

    void requireHeading() {
        if (!fields.equals(COLUMNS)) {
            throw bad("the heading " + String.join(",", COLUMNS), line());
        }
    }

    /** What is in it, and whether it has as many fields as it must. */
    String kind() {
        if (fields.size() != COLUMNS.size()) {
            throw bad(COLUMNS.size() + " fields", Integer.toString(fields.size()));
        }
        List<String> kinds = List.of(ACTION, SENT, ARRIVED, DROPPED);
        if (!kinds.contains(fields.getFirst())) {
            throw bad("one of " + String.join(", ", kinds), fields.getFirst());
        }
        return fields.getFirst();
    }

    TracedAction action() {
        Cause.Reason reason = value("cause", Cause.Reason.values());
        boolean tensor = Cause.of(reason).tensor().isPresent();
        TracedAction read = new TracedAction(
                whole("rank"),
                longNumber("window"),
                value("phase", Window.Phase.values()),
                parsedAction(),
                tensor ? new Cause(reason, whole("from"), whole("edge")) : Cause.of(reason),
                longNumber("ready"),
                longNumber("started"),
                longNumber("ended"),
                longNumber("heard"),
                longNumber("sent"));
        if (read.ready() > read.started()
                || read.started() > read.ended()
                || read.ended() > read.heard()
                || read.heard() > read.sent()) {
            throw bad("ready <= started <= ended <= heard <= sent", line());
        }
        return read;
    }

    TracedTensor tensor() {
        return new TracedTensor(
                value("what", TensorKey.Kind.values()),
                longNumber("window"),
                whole("microbatch"),
                whole("edge"),
                whole("from"),
                whole("to"),
                longNumber("at"));
    }

    long dropped() {
        return longNumber("at");
    }

    private Action parsedAction() {
        String text = field("what");
        try {
            return Action.parse(text);
        } catch (IllegalArgumentException e) {
            throw bad("what: an action such as 2F0", text);
        }
    }

    private <T extends Enum<T>> T value(String column, T[] values) {
        String text = field(column);
        return Arrays.stream(values)
                .filter(value -> text(value).equals(text))
                .findFirst()
                .orElseThrow(() -> bad(
                        column + ": one of "
                                + Arrays.stream(values).map(TraceRow::text).collect(Collectors.joining(", ")),
                        text));
    }

    private int whole(String column) {
        long number = longNumber(column);
        if (number != (int) number) {
            throw bad(column + ": a whole number of 32 bits", field(column));
        }
        return (int) number;
    }

    private long longNumber(String column) {
        String text = field(column);
        if (!NUMBER.matcher(text).matches()) {
            throw bad(column + ": a whole number", text);
        }
        return Long.parseLong(text);
    }

    private String field(String column) {
        return fields.get(COLUMNS.indexOf(column));
    }

    private String line() {
        return String.join(",", fields);
    }

    private BadDataException bad(String expected, String found) {
        return BadDataException.atLine(file, number, expected, '"' + Excerpt.of(found) + '"');
    }
}
