package io.ketju.layers;

import io.ketju.layers.spec.OwnEntries;

/** Layers of a program's own, by name: named in {@code META-INF/services/io.ketju.layers.OwnLayers}. */
public interface OwnLayers extends OwnEntries<Layer> {}
