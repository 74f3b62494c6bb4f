package io.ketju.pipeline.stage;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.tensor.ByteSize;
import io.ketju.tensor.Excerpt;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which stages keep of a micro-batch in flight what its forward began with, and nothing that it made: the forward runs again
 * before its backward (Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016). It changes memory and time, and no
 * bit.
 */
public sealed interface Recompute {
    /** No stage. */
    Recompute NONE = new Stages(Set.of());

    /** Every stage. */
    record All() implements Recompute {
        @Override
        public Set<Integer> stages(PipelineSpec spec) {
            return IntStream.range(0, spec.stages()).boxed().collect(Collectors.toCollection(TreeSet::new));
        }

        @Override
        public String toString() {
            return "all";
        }
    }

    /**
     * These stages.
     *
     * @param chosen indices from 0; none: no stage
     */
    record Stages(Set<Integer> chosen) implements Recompute {
        /** Copies the set. */
        public Stages {
            chosen = Set.copyOf(chosen);
        }

        @Override
        public Set<Integer> stages(PipelineSpec spec) {
            return chosen;
        }

        @Override
        public String toString() {
            return chosen.isEmpty() ? "none" : new TreeSet<>(chosen).toString();
        }
    }

    /**
     * As few as it takes for every rank to stay within its memory.
     *
     * @param bytes that each rank may take
     */
    record Fit(long bytes) implements Recompute {
        @Override
        public Set<Integer> stages(PipelineSpec spec) {
            return new RecomputeFit(spec, bytes).stages();
        }

        @Override
        public String toString() {
            return "fit " + ByteSize.text(bytes);
        }
    }

    /**
     * {@return the indices of the stages that recompute}
     *
     * @param spec a pipeline without any that does
     * @throws IllegalArgumentException if some rank does not fit with all of its stages
     */
    Set<Integer> stages(PipelineSpec spec);

    /**
     * {@return what a text chooses}
     *
     * @param text {@code all}, {@code none}, stages such as {@code 0, 2} or {@code [0, 2]}, or {@code fit 512MiB}
     * @throws IllegalArgumentException quoting anything else
     */
    static Recompute parse(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (word.equals("all")) {
            return new All();
        } else if (word.equals("none")) {
            return NONE;
        } else if (word.startsWith("fit ")) {
            return new Fit(
                    ByteSize.parse(text.strip().substring("fit ".length()).strip()));
        } else if (word.matches("\\[NUM\\]|NUM".replace("NUM", "\\s*\\d{1,6}(\\s*,\\s*\\d{1,6})*\\s*"))) {
            List<Integer> numbers = Arrays.stream(
                            word.replaceAll("[\\[\\]\\s]", "").split(",", -1))
                    .map(Integer::valueOf)
                    .toList();
            return new Stages(Set.copyOf(new TreeSet<>(numbers)));
        }
        throw new IllegalArgumentException(
                "expected all, none, numbers of stages or fit and a size such as fit 512MiB, found \""
                        + Excerpt.of(text) + '"');
    }
}
