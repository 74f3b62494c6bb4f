package io.ketju.records.timeline;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.trace.Cause;
import io.ketju.pipeline.trace.TraceReport.Wait;

/** Actions and what they wait for, in words. */
public final class ActionText {
    private ActionText() {}

    /**
     * What the letter in a plan says.
     *
     * @param kind of an action
     * @return {@code gradient of the input}
     */
    public static String kind(Action.Kind kind) {
        return switch (kind) {
            case F -> "forward";
            case R -> "forward again";
            case B -> "backward";
            case I -> "gradient of the input";
            case W -> "of the weights";
            case G -> "exchange with replicas";
            case N -> "sums of gradients";
            case S -> "step";
            case V -> "new values of replicas";
        };
    }

    /**
     * What a rank did when it did not compute.
     *
     * @param wait one kind of wait
     * @return {@code gradient from stage 1}, {@code a thread}
     */
    public static String waitedFor(Wait wait) {
        return switch (wait.waiting()) {
            case INPUT -> cause(wait.cause());
            case THREAD -> "a thread";
            case BUFFERS -> "buffers";
            case SENDING -> "itself: sending";
            case OTHER -> "itself: messages";
        };
    }

    /**
     * What a rank waited for.
     *
     * @param cause why an action did not begin before
     * @return {@code activation from stage 0}
     */
    public static String cause(Cause cause) {
        String from = cause.from() == StagePorts.FEEDER ? "the feeder" : "stage " + cause.from();
        return switch (cause.reason()) {
            case TURN -> "its turn";
            case WINDOW -> "the window";
            case SUMS -> "the sums of all stages";
            case BUFFER -> "buffers";
            case FED -> "samples from " + from;
            case ACTIVATION -> "activation from " + from;
            case GRADIENT -> "gradient from " + from;
            case TIED_WEIGHT -> "shared weights from " + from;
            case TIED_GRADIENT -> "gradient of shared weights from " + from;
            case GROUP_SUM -> "gradients of the replica at " + from;
            case SHARE_GRADIENT -> "gradients of its share from the replica at " + from;
            case REPLICA_WEIGHT -> "weights of the replica at " + from;
        };
    }
}
