package io.ketju.layers.loss;

import io.ketju.layers.spec.OwnEntries;

/** Losses of a program's own, by name: named in {@code META-INF/services/io.ketju.layers.loss.OwnLosses}. */
public interface OwnLosses extends OwnEntries<Loss> {}
