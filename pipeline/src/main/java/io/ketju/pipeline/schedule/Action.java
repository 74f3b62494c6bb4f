package io.ketju.pipeline.schedule;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One compute action of one stage; prints as {@code 2F0}: stage 2, forward of micro-batch 0. The step has no
 * micro-batch and prints as {@code 2S}.
 *
 * @param microbatch index within the mini-batch; 0 for {@link Kind#S}
 */
public record Action(int stage, Kind kind, int microbatch) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})(?:([FBIW])(\\d{1,6})|S)");

    /** What is computed, by its letter in schedule tables. */
    public enum Kind {
        /** Forward. */
        F,
        /** Full backward: I and W in one. */
        B,
        /** Gradient of the input only (the zero-bubble papers write B for this). */
        I,
        /** Gradient of the weights only. */
        W,
        /** Optimizer step. */
        S
    }

    /** The optimizer step of a stage. */
    public static Action step(int stage) {
        return new Action(stage, Kind.S, 0);
    }

    /** Reads {@link #toString} back; throws {@link IllegalArgumentException} quoting the text. */
    public static Action parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an action: '" + text
                    + "'; expected stage, letter F B I or W, micro-batch, such as 2F0, or stage and S, such as 2S");
        }
        int stage = Integer.parseInt(matcher.group(1));
        return matcher.group(2) == null
                ? step(stage)
                : new Action(stage, Kind.valueOf(matcher.group(2)), Integer.parseInt(matcher.group(3)));
    }

    @Override
    public String toString() {
        return kind == Kind.S ? stage + "S" : stage + kind.name() + microbatch;
    }
}
