package io.ketju.layers.optimizer;

import io.ketju.layers.spec.OwnEntries;
import io.ketju.layers.spec.Registry;
import java.util.List;
import java.util.SortedSet;

/** All optimizers by name: the inverse of {@link Optimizer#spec}. A new optimizer is one more line here. */
public final class Optimizers {
    /** Ketju's own, in the order of pages, and those of programs. */
    public static final Registry<Optimizer> REGISTRY = new Registry<>(
            "optimizer",
            List.of(
                    Adadelta.ENTRY,
                    Adagrad.ENTRY,
                    Adam.ENTRY,
                    AdamW.ENTRY,
                    Adamax.ENTRY,
                    ASGD.ENTRY,
                    LAMB.ENTRY,
                    LBFGS.ENTRY,
                    Lion.ENTRY,
                    NAdam.ENTRY,
                    RAdam.ENTRY,
                    RMSprop.ENTRY,
                    Rprop.ENTRY,
                    SGD.ENTRY,
                    SparseAdam.ENTRY),
            OwnEntries.found(OwnOptimizers.class));

    private Optimizers() {}

    /**
     * {@return the optimizer that a text names}
     *
     * @param text {@code Adam(lr=0.001)}
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Optimizer parse(String text) {
        return REGISTRY.parse(text);
    }

    /** {@return names of all optimizers, sorted, those of programs among them} */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }
}
