package io.ketju.layers.loss;

import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * A number beside a loss that says in people's terms how good the outputs are; nothing learns from it. A micro-batch gives sums, which are
 * added in micro-batch order over a mini-batch, an epoch or a test set; or numbers of each sample that are kept, for what no sum can tell.
 * The value is made of them at the end. So it does not depend on how samples were split. A loss lists those that make sense of its outputs:
 * {@link Loss#metrics}. Immutable.
 */
public interface Metric {
    /** {@return what it is called in job files, reports and columns: lower-case words joined by {@code _}} */
    String name();

    /** {@return whether the value is a share, 0 to 1, which people read in percent} */
    default boolean share() {
        return false;
    }

    /** {@return whether more of it is better; so of every share, if nothing else is said} */
    default boolean moreIsBetter() {
        return share();
    }

    /**
     * Tensors that {@link #measure} needs for itself.
     *
     * @param inputs of the head
     * @return their types, in the order of {@link MetricPass#room}; none by default
     */
    default List<TensorType> room(List<TensorType> inputs) {
        return List.of();
    }

    /** {@return whether it is not one number but a {@link ConfusionMatrix}; its value is NaN then} */
    default boolean table() {
        return false;
    }

    /** {@return whether what {@link #measure} gives is not added up but kept, one behind the other, until the value is asked for} */
    default boolean collects() {
        return false;
    }

    /** {@return what a job file says to choose it: its name, with arguments that are not the usual ones} */
    default String text() {
        return name();
    }

    /**
     * Reads what a job file says.
     *
     * @param text a name, perhaps with arguments
     * @return the metric that it chooses; empty if it is another's
     * @throws IllegalArgumentException if arguments are none that this metric takes
     */
    default Optional<Metric> chosenBy(String text) {
        return name().equals(text) ? Optional.of(this) : Optional.empty();
    }

    /**
     * How many numbers {@link #measure} gives; of one that collects at most so many.
     *
     * @param inputs of the head
     * @return 2 by default
     */
    default int numbers(List<TensorType> inputs) {
        return 2;
    }

    /**
     * Measures one micro-batch, after the loss has accepted its targets.
     *
     * @param pass its tensors, and what the loss made of them
     * @return its sums, {@link #numbers} of them, or what is collected
     */
    double[] measure(MetricPass pass);

    /**
     * The value of all micro-batches together.
     *
     * @param sums theirs, added number by number; or all that was collected
     * @return NaN if there was nothing to measure
     */
    double value(List<Double> sums);

    /**
     * The table of all micro-batches together.
     *
     * @param sums theirs, added number by number
     * @return a row for each true class
     * @throws IllegalStateException if this is a number, see {@link #table}
     */
    default ConfusionMatrix tableOf(List<Double> sums) {
        if (!table()) {
            throw new IllegalStateException("'" + name() + "' is a number, not a table");
        }
        return ConfusionMatrix.ofSums(sums);
    }
}
