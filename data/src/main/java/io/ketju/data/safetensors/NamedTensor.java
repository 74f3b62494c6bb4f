package io.ketju.data.safetensors;

import io.ketju.tensor.Tensor;

/**
 * A tensor under the name it has in a file. Does not own the tensor.
 *
 * @param name not empty, and once in a file
 * @param tensor its owner's to close
 */
public record NamedTensor(String name, Tensor tensor) {}
