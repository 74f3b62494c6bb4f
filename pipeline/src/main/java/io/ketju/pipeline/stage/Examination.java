package io.ketju.pipeline.stage;

import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.schedule.Replicas;
import io.ketju.pipeline.stage.NonFinite.Kind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Finds out what to say about a NaN or an infinity: the same words for every partition, schedule and way to run. Of bad
 * gradients, parameters and optimizer state every stage reports its own at the end of the window, or that there are none; the first in parameter order is named. Of a bad loss every stage is asked to inspect the micro-batch, and the
 * layer is named where what reached the loss began.
 */
public final class Examination {
    private static final String ADVICE = "; a smaller learning rate may help";
    private static final String BAD_INPUT = "the model's input is not finite";

    /** Those that it is about, in the order of the pipeline. */
    private final List<Integer> stages;

    private final Ties ties;
    private final NonFinite first;
    private final BitSet answered = new BitSet();
    private final List<NonFinite> found = new ArrayList<>();
    private final Map<Integer, Inspection> inspected = new TreeMap<>();

    /**
     * Begins with a finding of any stage.
     *
     * @param replicas of all stages: of a loss those count that its micro-batch went through, else those of the finding's replica
     * @param ties parameters that stages share: who waits for the values of one that stands still has no more to say
     * @param first what was met; it decides window, micro-batch and replica
     */
    public Examination(Replicas replicas, Ties ties, NonFinite first) {
        stages = first.kind() == Kind.LOSS
                ? replicas.path(first.window().phase() == Window.Phase.TRAIN, first.microbatch())
                : replicas.counts().besides(first.stage());
        this.ties = ties;
        this.first = first;
        add(first);
    }

    /** {@return whether stages must be asked to inspect {@link #microbatch} of {@link #window}} */
    public boolean inspects() {
        return first.kind() == Kind.LOSS;
    }

    /** {@return the number of the window in which it was met} */
    public long window() {
        return first.window().number();
    }

    /** {@return the micro-batch whose loss was met; 0 of anything else} */
    public int microbatch() {
        return first.microbatch();
    }

    /**
     * A stage met something at the end of the window.
     *
     * @param finding ignored if the stage has answered already, or it is of another window or replica
     */
    public void add(NonFinite finding) {
        if (waitsFor(finding.stage(), finding.window().number())) {
            found.add(finding);
            finished(finding.stage(), finding.window().number());
            ties.waitingFor(finding.stage())
                    .forEach(waiting -> finished(waiting, finding.window().number()));
        }
    }

    /**
     * A stage finished a window, or its part of the checkpoint after it, and met nothing.
     *
     * @param stage counted over all replicas
     * @param number of the window
     */
    public void finished(int stage, long number) {
        if (!inspects() && waitsFor(stage, number)) {
            answered.set(stages.indexOf(stage));
        }
    }

    /**
     * A stage has inspected the micro-batch.
     *
     * @param answer ignored if the stage has answered already, or it is of another micro-batch or replica
     */
    public void add(Inspection answer) {
        if (inspects() && waitsFor(answer.stage(), answer.window()) && answer.microbatch() == microbatch()) {
            inspected.put(stages.indexOf(answer.stage()), answer);
            answered.set(stages.indexOf(answer.stage()));
        }
    }

    /** {@return whether all stages have said what they know} */
    public boolean complete() {
        return answered.cardinality() == stages.size();
    }

    /** {@return one line, of what is known so far: when, what, where it began, and what may help} */
    public String message() {
        NonFinite named = found.stream()
                .min(Comparator.comparing(NonFinite::kind).thenComparingInt(NonFinite::stage))
                .orElse(first);
        String origin = origin(named);
        return named.when() + ": " + named.what() + "; " + origin
                + (named.followsAStep() && !origin.equals(BAD_INPUT) ? ADVICE : "");
    }

    private String origin(NonFinite named) {
        return switch (named.kind()) {
            case LOSS -> originOfLoss();
            case GRADIENT ->
                "backward met the first such gradient in " + lastGradient(named).layer();
            case PARAMETER -> "the optimizer step made it, in " + named.layer();
            case STATE -> "its gradients were too large, in " + named.layer();
        };
    }

    private NonFinite lastGradient(NonFinite named) {
        return found.stream()
                .filter(finding -> finding.kind() == Kind.GRADIENT)
                .max(Comparator.comparingInt(NonFinite::stage))
                .orElse(named);
    }

    /** From the loss back to where it began. */
    private String originOfLoss() {
        for (int stage = stages.size() - 1; stage >= 0; stage--) {
            Inspection answer = inspected.get(stage);
            Inspection.Outcome outcome = answer == null ? Inspection.Outcome.UNKNOWN : answer.outcome();
            switch (outcome) {
                case BEGAN -> {
                    return "it began in " + Objects.requireNonNull(answer).layer();
                }
                case FINITE, UNKNOWN -> {
                    boolean last = stage == stages.size() - 1;
                    return last && outcome == Inspection.Outcome.FINITE
                            ? "the model's output is finite"
                            : "the output of stage " + stages.get(stage)
                                    + " was not finite, its layers are not known any more";
                }
                case ARRIVED -> {}
            }
        }
        return BAD_INPUT;
    }

    private boolean waitsFor(int stage, long number) {
        int place = stages.indexOf(stage);
        return place >= 0 && !answered.get(place) && number == window();
    }
}
