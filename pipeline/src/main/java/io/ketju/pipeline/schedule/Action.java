package io.ketju.pipeline.schedule;

import io.ketju.tensor.Excerpt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One compute action of one stage; prints as {@code 2F0}: stage 2, forward of micro-batch 0. The step has no micro-batch and prints as
 * {@code 2S}, nor have the sums that it may wait for, {@code 2N}, the exchange with replicas before them, {@code 2G}, and the one behind
 * it, {@code 2V}.
 *
 * @param stage index from 0; stages of replicas count on
 * @param kind what is computed
 * @param microbatch index within the mini-batch; 0 for {@link Kind#G}, {@link Kind#N}, {@link Kind#S} and {@link Kind#V}
 */
public record Action(int stage, Kind kind, int microbatch) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})(?:([FRBIW])(\\d{1,6})|([GNSV]))");

    /** What is computed, by its letter in schedule tables. */
    public enum Kind {
        /** Forward. */
        F,
        /** Forward again, of a stage that has kept nothing but what its forward began with. */
        R,
        /** Full backward: I and W in one. */
        B,
        /** Gradient of the input only (the zero-bubble papers write B for this). */
        I,
        /** Gradient of the weights only. */
        W,
        /** The sums of weight gradients go from replica to replica, where a stage has several. */
        G,
        /** Sums of the gradients, such as for their norm, which all stages add up before the step. */
        N,
        /** Optimizer step. */
        S,
        /** New values go from replica to replica, where each has updated its share of the stage's parameters. */
        V
    }

    /**
     * Checks the micro-batch.
     *
     * @throws IllegalArgumentException if an action of the mini-batch has a micro-batch other than 0
     */
    public Action {
        if (isOfBatch(kind) && microbatch != 0) {
            throw new IllegalArgumentException(kind + " is of the mini-batch, got micro-batch " + microbatch);
        }
    }

    private static boolean isOfBatch(Kind kind) {
        return kind == Kind.G || kind == Kind.N || kind == Kind.S || kind == Kind.V;
    }

    /**
     * {@return the optimizer step of a stage}
     *
     * @param stage index from 0
     */
    public static Action step(int stage) {
        return new Action(stage, Kind.S, 0);
    }

    /**
     * {@return the sums of a stage's gradients}
     *
     * @param stage index from 0
     */
    public static Action sums(int stage) {
        return new Action(stage, Kind.N, 0);
    }

    /**
     * {@return the exchange of a stage's new values with its replicas}
     *
     * @param stage index from 0
     */
    public static Action values(int stage) {
        return new Action(stage, Kind.V, 0);
    }

    /**
     * {@return the exchange of a stage's weight gradients with its replicas}
     *
     * @param stage index from 0
     */
    public static Action exchange(int stage) {
        return new Action(stage, Kind.G, 0);
    }

    /** {@return whether it is of the mini-batch, and not of one micro-batch} */
    public boolean ofBatch() {
        return isOfBatch(kind);
    }

    /** {@return what it does, without its stage: {@code forward of micro-batch 3}} */
    public String inWords() {
        return switch (kind) {
            case G -> "exchange of gradients";
            case N -> "sums of gradients";
            case S -> "optimizer step";
            case V -> "exchange of new values";
            case F -> "forward of micro-batch " + microbatch;
            case R -> "recomputation of micro-batch " + microbatch;
            case B, I, W -> "backward of micro-batch " + microbatch;
        };
    }

    /**
     * {@return the action that {@link #toString} wrote}
     *
     * @param text such as {@code 2F0} or {@code 2S}, without blanks; numbers have at most 6 digits
     * @throws IllegalArgumentException quoting the text, if it is none
     */
    public static Action parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "not an action: '" + Excerpt.of(text)
                            + "'; expected stage, letter F R B I or W, micro-batch, such as 2F0, or stage and G, N, S or V, such as 2S");
        }
        int stage = Integer.parseInt(matcher.group(1));
        return matcher.group(2) == null
                ? new Action(stage, Kind.valueOf(matcher.group(4)), 0)
                : new Action(stage, Kind.valueOf(matcher.group(2)), Integer.parseInt(matcher.group(3)));
    }

    @Override
    public String toString() {
        return ofBatch() ? stage + kind.name() : stage + kind.name() + microbatch;
    }
}
