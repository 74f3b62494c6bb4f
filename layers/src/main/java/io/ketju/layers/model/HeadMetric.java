package io.ketju.layers.model;

import io.ketju.layers.loss.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is told of one head, beside {@link #LOSS}, which is what is minimised. A metric goes by its own name, {@code accuracy};
 * where a model has several heads the head's stands before it, {@code main/accuracy}, and the mean loss of each is told too.
 *
 * @param name under which it is told
 * @param head position of the head in the model
 * @param metric empty for the mean loss of the head
 */
public record HeadMetric(String name, int head, Optional<Metric> metric) {
    /** The loss of a job as a whole. */
    public static final String LOSS = "loss";

    /** What the penalties of weights come to, beside the loss: in training, the mean over steps. */
    public static final String PENALTY = "penalty";

    /** The norm of all gradients before anything bounded it: the mean over the windows of steps that were not skipped. */
    public static final String GRAD_NORM = "grad_norm";

    /** What the learning rate of a step is called. */
    public static final String LEARNING_RATE = "learning_rate";

    /** How many windows were skipped, because a gradient or a loss was no finite number. */
    public static final String SKIPPED_STEPS = "skipped_steps";

    /**
     * {@return all that is told of these heads, in their order}
     *
     * @param heads all that the model has
     */
    public static List<HeadMetric> of(List<Head> heads) {
        List<HeadMetric> all = new ArrayList<>();
        for (int i = 0; i < heads.size(); i++) {
            int head = i;
            String prefix = heads.size() == 1 ? "" : heads.get(i).name() + "/";
            if (heads.size() > 1) {
                all.add(new HeadMetric(prefix + LOSS, head, Optional.empty()));
            }
            heads.get(i)
                    .metrics()
                    .forEach(metric -> all.add(new HeadMetric(prefix + metric.name(), head, Optional.of(metric))));
        }
        return List.copyOf(all);
    }

    /** {@return whether the value is a share, 0 to 1, which people read in percent} */
    public boolean share() {
        return metric.map(Metric::share).orElse(false);
    }

    /** {@return whether it is a table, and no number} */
    public boolean table() {
        return metric.map(Metric::table).orElse(false);
    }
}
