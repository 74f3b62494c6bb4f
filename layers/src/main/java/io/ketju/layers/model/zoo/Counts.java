package io.ketju.layers.model.zoo;

import io.ketju.layers.spec.Arguments;
import io.ketju.tensor.Excerpt;
import java.util.List;

/** How many layers, blocks and the like the name of a model may ask for; those of a job have a limit of their own. */
final class Counts {
    /** The limit. */
    static final int MOST = 1000;

    private Counts() {}

    /** A number from 1 to {@value #MOST}. */
    static int of(Arguments arguments, String name) {
        return require(arguments, name, arguments.integer(name));
    }

    /** A tuple of 1 to {@value #MOST} numbers, each from 1 to {@value #MOST}. */
    static List<Integer> listed(Arguments arguments, String name) {
        List<Integer> counts = arguments.integers(name);
        require(arguments, name, counts.size());
        counts.forEach(count -> require(arguments, name, count));
        return counts;
    }

    static int require(Arguments arguments, String name, int count) {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException(Excerpt.of(arguments.spec()) + ": argument '" + name
                    + "': expected 1 to " + MOST + ", found " + count);
        }
        return count;
    }
}
