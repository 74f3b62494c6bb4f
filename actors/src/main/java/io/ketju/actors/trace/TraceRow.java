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
import java.util.stream.Collectors;

/**
 * One line of a {@link TraceFile}. Fields that say nothing in a row of its kind are empty.
 *
 * @param number of the line, from 1
 */
record TraceRow(String file, int number, String line) {
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
            "at");

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
                .add(",,,")
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

    void requireHeading() {
        String heading = String.join(",", COLUMNS);
        if (!line.equals(heading)) {
            throw bad("the heading " + heading, line);
        }
    }

    /** What is in it, and whether it has as many fields as it must. */
    String kind() {
        String[] fields = fields();
        if (fields.length != COLUMNS.size()) {
            throw bad(COLUMNS.size() + " fields", Integer.toString(fields.length));
        }
        List<String> kinds = List.of(ACTION, SENT, ARRIVED, DROPPED);
        if (!kinds.contains(fields[0])) {
            throw bad("one of " + String.join(", ", kinds), fields[0]);
        }
        return fields[0];
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
                longNumber("heard"));
        if (read.ready() > read.started() || read.started() > read.ended() || read.ended() > read.heard()) {
            throw bad("ready <= started <= ended <= heard", line);
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
        if (!text.matches("-?\\d{1,18}")) {
            throw bad(column + ": a whole number", text);
        }
        return Long.parseLong(text);
    }

    private String field(String column) {
        return fields()[COLUMNS.indexOf(column)];
    }

    private String[] fields() {
        return line.split(",", -1);
    }

    private BadDataException bad(String expected, String found) {
        return BadDataException.atLine(file, number, expected, '"' + Excerpt.of(found) + '"');
    }
}
