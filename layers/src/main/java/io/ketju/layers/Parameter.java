package io.ketju.layers;

import io.ketju.tensor.Shape;

/**
 * One trainable tensor of a layer.
 *
 * @param name name within the layer, as in PyTorch's state_dict: {@code weight}, {@code bias}
 * @param shape its shape, in PyTorch's layout
 * @param initializer its values before the first step
 */
public record Parameter(String name, Shape shape, Initializer initializer) {}
