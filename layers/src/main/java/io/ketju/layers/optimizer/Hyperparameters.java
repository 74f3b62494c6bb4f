package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Argument;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.kernel.update.GradientOptions;
import java.util.List;
import java.util.stream.Collectors;

/** Checks and texts that optimizers and schedules share; arguments are called as in specs. */
final class Hyperparameters {
    private Hyperparameters() {}

    /** Minus zero is refused: it is a sum or a sign gone wrong. */
    static void requireNonNegative(String owner, String argument, Number number) {
        double value = number.doubleValue();
        if (!(Double.compare(value, 0) >= 0 && value <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    owner + ": argument '" + argument + "': expected a number >= 0, found " + number);
        }
    }

    /** For what would do nothing, or divide by zero, at 0 or so near to it that kernels would see 0. PyTorch lets 0 pass. */
    static void requirePositive(String owner, String argument, Number number) {
        double value = number.doubleValue();
        if (!(value >= Float.MIN_NORMAL && value <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    owner + ": argument '" + argument + "': expected a number > 0, found " + number);
        }
    }

    /** For averages that would never move, or divide by zero, at 1. */
    static void requireFraction(String owner, String argument, double value) {
        if (!(Double.compare(value, 0) >= 0 && value < 1)) {
            throw new IllegalArgumentException(
                    owner + ": argument '" + argument + "': expected 0 <= number < 1, found " + value);
        }
    }

    /** What Adam and its relatives are bound to: the rate, two averages, what is added to the root, and the decay. */
    static void requireMoments(
            String owner, double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
        requirePositive(owner, "lr", learningRate);
        requireFraction(owner, "betas", beta1);
        requireFraction(owner, "betas", beta2);
        requirePositive(owner, "eps", epsilon);
        requireNonNegative(owner, "weight_decay", weightDecay);
    }

    /** Weight decay that is added to the gradient unless {@code decoupled_weight_decay} says otherwise, and {@code maximize}. */
    static GradientOptions options(Arguments arguments) {
        return new GradientOptions(
                arguments.number("weight_decay"), arguments.flag("decoupled_weight_decay"), arguments.flag("maximize"));
    }

    /**
     * The text of a thing: its first argument, and what is not as it is by default.
     *
     * @param values of all arguments in the order of the description; numbers as {@link Double}, tuples as text
     */
    static Spec spec(Description description, Object... values) {
        String first = description.arguments().getFirst().name();
        return terse(description, values).with(first, text(values[0]));
    }

    /** The text of a thing that has to say nothing where it is as by default; values as above. */
    static Spec terse(Description description, Object... values) {
        List<Argument> arguments = description.arguments();
        Spec all = Spec.of(description.name());
        for (int i = 0; i < values.length; i++) {
            all = all.with(arguments.get(i).name(), text(values[i]));
        }
        return description.terse(all);
    }

    /** What a rate is multiplied by; PyTorch refuses more than 1, too. */
    static void requireFactor(String owner, String argument, double value) {
        if (!(Double.compare(value, 0) >= 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    owner + ": argument '" + argument + "': expected 0 <= number <= 1, found " + value);
        }
    }

    /** For counts of steps. */
    static void requireSteps(String owner, String argument, long steps) {
        if (steps < 1) {
            throw new IllegalArgumentException(
                    owner + ": argument '" + argument + "': expected at least 1, found " + steps);
        }
    }

    /** The same where 0 stands for the steps of the job. */
    static void requireStepsOrJob(String owner, String argument, long steps) {
        if (steps != 0) {
            requireSteps(owner, argument, steps);
        }
    }

    /** A copy of numbers of steps; throws unless each is at least 1 and none is below the one before. */
    static List<Integer> rising(String owner, String argument, List<Integer> steps) {
        for (int i = 0; i < steps.size(); i++) {
            requireSteps(owner, argument, steps.get(i));
            if (i > 0 && steps.get(i) < steps.get(i - 1)) {
                throw new IllegalArgumentException(
                        owner + ": argument '" + argument + "': expected rising numbers, found " + tuple(steps));
            }
        }
        return List.copyOf(steps);
    }

    /** A copy of schedules; throws if there is none, or one waits for what a run measures, as PyTorch does. */
    static List<LearningRateSchedule> ofStepsAlone(String owner, List<LearningRateSchedule> schedulers) {
        if (schedulers.isEmpty()) {
            throw new IllegalArgumentException(owner + ": argument 'schedulers': expected at least one, found none");
        }
        for (LearningRateSchedule schedule : schedulers) {
            if (schedule instanceof ReduceLROnPlateau) {
                throw new IllegalArgumentException(owner
                        + ": argument 'schedulers': expected schedules that go by the step alone, found " + schedule);
            }
        }
        return List.copyOf(schedulers);
    }

    /** {@code (1, 2)}; one without parentheses. */
    static String tuple(List<?> parts) {
        String joined = parts.stream().map(Object::toString).collect(Collectors.joining(", "));
        return parts.size() == 1 ? joined : "(" + joined + ")";
    }

    private static Object text(Object value) {
        return value instanceof Double number ? Spec.number(number) : value;
    }
}
