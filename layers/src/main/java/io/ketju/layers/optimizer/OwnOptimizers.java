package io.ketju.layers.optimizer;

import io.ketju.layers.spec.OwnEntries;

/** Optimizers of a program's own, by name: named in {@code META-INF/services/io.ketju.layers.optimizer.OwnOptimizers}. */
public interface OwnOptimizers extends OwnEntries<Optimizer> {}
